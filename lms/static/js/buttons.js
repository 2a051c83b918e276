/* Buttons with data-do: print, theme (remembered in a cookie so that the server can state it), copy. */
{
  const root = document.documentElement;
  const actions = {
    print: () => window.print(),
    theme: () => {
      const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      root.dataset.theme = dark ? 'light' : 'dark';
      const secure = location.protocol === 'https:' ? ';secure' : '';
      document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax${secure}`;
    },
    copy: async (button) => {
      await navigator.clipboard.writeText(button.dataset.text);
      (button.querySelector('span') || button).textContent = button.dataset.done;
    },
  };
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]');
    if (button && actions[button.dataset.do]) actions[button.dataset.do](button);
  });
}
