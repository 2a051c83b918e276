/* What is typed in a data-draft text stays on the phone until it was sent well. The key holds the person:
   several share one phone. A draft made from an older text of the server is not put back. */
{
  const person = document.body.dataset.person || '';
  const key = (field) => `draft:${person}:${field.dataset.draft}`;
  const attempt = (work) => { try { return work(); } catch (refused) { return null; } };  /* storage may be off */
  const fields = [...document.querySelectorAll('[data-draft]')];

  attempt(() => {
    if (!document.querySelector('.errs, [data-failed]') && !/[?&](failed|full)=/.test(location.search)) {
      JSON.parse(sessionStorage.getItem('sent') || '[]').forEach((name) => localStorage.removeItem(name));
    }
    sessionStorage.removeItem('sent');
  });
  fields.forEach((field) => {
    const kept = attempt(() => JSON.parse(localStorage.getItem(key(field))));
    if (!kept || kept.base !== field.defaultValue || kept.text === field.value) return;
    field.value = kept.text;
    if (field.dataset.restored) {
      const words = document.createElement('p');
      words.className = 'hint';
      words.setAttribute('role', 'status');
      words.textContent = field.dataset.restored;
      field.before(words);
    }
  });
  document.addEventListener('input', ({ target }) => {
    if (!target.dataset.draft) return;
    attempt(() => localStorage.setItem(key(target), JSON.stringify({ base: target.defaultValue, text: target.value })));
  });
  document.addEventListener('submit', (event) => {
    const sent = fields.filter((field) => field.form === event.target).map(key);
    if (sent.length && !event.defaultPrevented) attempt(() => sessionStorage.setItem('sent', JSON.stringify(sent)));
  });
}
