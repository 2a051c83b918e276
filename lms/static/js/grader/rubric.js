/* In the rubric: 1 to 4 choose the level of the criterion that has the focus, J and K go to the next and the previous
   one, C to the comment, P to the first photo, F to the sentences, S and D send, ? shows the keys. Only with the focus inside the form and
   outside its texts, so that speech and screen readers lose no key; Escape leaves the comment. */
{
  const level = (criterion, number) => criterion.querySelectorAll('input[type=radio]')[number];
  const focusOn = (criterion) => (criterion.querySelector(':checked') || level(criterion, 0)).focus();
  const go = (found) => { if (found) found.focus(); };
  const show = (keys) => { if (keys) { keys.open = !keys.open; if (keys.open) keys.scrollIntoView({ block: 'nearest' }); } };
  /* Who sent with a key goes on with keys: the next page begins at its rubric. */
  const remember = (work) => { try { return work(sessionStorage); } catch (refused) { return null; } };
  const others = {
    c: (form) => go(form.elements.feedback),
    p: () => go(document.querySelector('.look__stage')),
    f: (form) => go(form.querySelector('[data-insert]')),
    '?': (form) => show(form.querySelector('[data-keys]')),
  };
  const first = document.querySelector('[data-grader] .crit');
  if (remember((kept) => kept.getItem('by-keys')) && first) focusOn(first);
  remember((kept) => kept.removeItem('by-keys'));

  document.addEventListener('keydown', (event) => {
    const form = event.target.closest('[data-grader]');
    if (!form || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape' && event.target.matches('textarea')) focusOn(form.querySelector('.crit'));
    if (event.target.matches('textarea, input:not([type=radio])')) return;
    const key = event.key.toLowerCase();
    const criteria = [...form.querySelectorAll('.crit')];
    const here = criteria.indexOf(event.target.closest('.crit'));
    const step = { j: 1, k: -1 }[key];
    if (step && criteria[here + step]) focusOn(criteria[here + step]);
    const chosen = here >= 0 && /^[1-9]$/.test(key) && level(criteria[here], key - 1);
    if (chosen) { chosen.focus(); chosen.click(); }
    const button = !event.repeat && form.querySelector(`[data-key="${/^[a-z]$/.test(key) ? key : ''}"]`);
    if (button) { remember((kept) => kept.setItem('by-keys', '1')); form.requestSubmit(button); }
    if (others[key]) { event.preventDefault(); others[key](form); }
    /* Enter on a level would press the first button of the form, which sends nothing. */
    if (key === 'enter' && event.target.matches('input')) event.preventDefault();
  });
}
