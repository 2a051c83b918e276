/* Three sizes of letters for every page, remembered in a cookie so that the server can state it, like the theme. */
{
  const root = document.documentElement.dataset;
  const mark = () => document.querySelectorAll('button[data-size]')
    .forEach((one) => one.setAttribute('aria-pressed', one.dataset.size === (root.text || '1')));
  document.addEventListener('click', ({ target }) => {
    const button = target.closest('button[data-size]');
    if (!button) return;
    root.text = button.dataset.size;
    const secure = location.protocol === 'https:' ? ';secure' : '';
    document.cookie = `text=${root.text};path=/;max-age=31536000;samesite=lax${secure}`;
    mark();
  });
  mark();
}
