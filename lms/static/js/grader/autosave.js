/* What is chosen and typed is saved at the server two seconds after the last change, and when the page is left. */
{
  const WAIT = 2000;
  const form = document.querySelector('[data-autosave]');
  const says = form && form.querySelector('[data-saved]');
  let timer = 0;
  let changed = false;
  const save = async () => {
    clearTimeout(timer);
    if (!changed || form.dataset.sent) return;
    changed = false;
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === 'string'));
    try {
      const answer = await fetch(form.dataset.autosave, { method: 'POST', body, keepalive: body.toString().length < 60000 });
      if (!answer.ok) throw new Error(answer.status === 409 ? await answer.text() : '');
      says.textContent = await answer.text();
    } catch (failed) {
      changed = true;
      says.textContent = failed.message && !(failed instanceof TypeError) ? failed.message : says.dataset.failedWords;
    }
  };
  if (form) {
    form.addEventListener('input', () => { changed = true; clearTimeout(timer); timer = setTimeout(save, WAIT); });
    window.addEventListener('pagehide', save);
    document.addEventListener('visibilitychange', () => { if (document.hidden) save(); });
  }
}
