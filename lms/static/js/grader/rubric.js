/* In the rubric: 1 to 4 choose the level of the criterion that has the focus, J and K go to the next and the previous
   one. Only with the focus inside the form and outside its texts, so that speech and screen readers lose no key. */
{
  const level = (criterion, number) => criterion.querySelectorAll('input[type=radio]')[number];
  const focusOn = (criterion) => (criterion.querySelector(':checked') || level(criterion, 0)).focus();
  document.addEventListener('keydown', (event) => {
    const form = event.target.closest('[data-grader]');
    if (!form || event.ctrlKey || event.altKey || event.metaKey || event.target.matches('textarea, input:not([type=radio])')) return;
    const criteria = [...form.querySelectorAll('.crit')];
    const here = criteria.indexOf(event.target.closest('.crit'));
    const step = { j: 1, k: -1 }[event.key.toLowerCase()];
    if (step && criteria[here + step]) focusOn(criteria[here + step]);
    const chosen = here >= 0 && /^[1-9]$/.test(event.key) && level(criteria[here], event.key - 1);
    if (chosen) { chosen.focus(); chosen.click(); }
  });
}
