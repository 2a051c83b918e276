/* Everything works without scripts; what needs them shows itself only now. A summary of errors is read out first. */
{
  document.documentElement.classList.add('js');
  const errors = document.querySelector('.errs');
  if (errors) requestAnimationFrame(() => errors.focus());  /* after the browser's own autofocus */
}
