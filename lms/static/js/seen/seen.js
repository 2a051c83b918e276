/* What is on the screen counts as seen: the button that says so is pressed by itself, and the newest comes into view. */
{
  const form = document.querySelector('[data-seen]');
  const newest = document.getElementById('newest');
  if (newest && !location.hash && !document.querySelector('.errs')) newest.scrollIntoView({ block: 'center' });
  if (form) {
    fetch(form.action, { method: 'POST', body: new FormData(form) })
      .then((answer) => { form.hidden = answer.ok; })
      .catch(() => {});
  }
}
