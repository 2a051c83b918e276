/* Everything works without scripts; what needs them shows itself only now. A summary of errors is read out first. */
{
  document.documentElement.classList.add('js');
  const errors = document.querySelector('.errs');
  if (errors) requestAnimationFrame(() => errors.focus());  /* after the browser's own autofocus */
  /* What a page can be read without comes after it: on slow data it would hold up the style sheet. */
  window.addEventListener('load', () => {
    document.querySelectorAll('[data-later]').forEach(({ dataset: { later } }) => {
      if (document.querySelector(`script[src="${later}"]`)) return;
      const script = document.createElement('script');
      script.src = later;
      document.body.append(script);
    });
  });
}
