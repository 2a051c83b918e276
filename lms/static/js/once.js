/* A double tap sends once. The server guards too: this only spares the wait. */
{
  const WAIT = 15000;  /* a download leaves the page where it is, so the button comes back */
  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll('[aria-disabled]').forEach((button) => {
      button.removeAttribute('aria-disabled');
      if (button.words) button.replaceChildren(...button.words);
    });
  };
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    const button = event.submitter;
    if (button && button.dataset.sending) {
      button.words = [...button.childNodes];
      button.setAttribute('aria-disabled', 'true');
      button.textContent = button.dataset.sending;
    }
    setTimeout(release, WAIT, form);
  });
  window.addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(release));
}
