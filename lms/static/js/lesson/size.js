/* Three sizes of letters for every page, remembered in a cookie so that the server can state it, like the theme. */
document.addEventListener('click', ({ target }) => {
  const button = target.closest('button[data-size]');
  if (!button) return;
  document.documentElement.dataset.text = button.dataset.size;
  const secure = location.protocol === 'https:' ? ';secure' : '';
  document.cookie = `text=${button.dataset.size};path=/;max-age=31536000;samesite=lax${secure}`;
  document.querySelectorAll('button[data-size]').forEach((one) => one.setAttribute('aria-pressed', one === button));
});
