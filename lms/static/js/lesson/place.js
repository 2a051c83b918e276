/* A lesson opened again offers to go on where one was. The place is kept on this phone only, per person and lesson, and
   forgotten when the lesson is done. */
{
  const offer = document.querySelector('[data-place]');
  const article = document.querySelector('.prose');
  if (offer && article) {
    const key = `place:${document.body.dataset.person || ''}:${offer.dataset.place}`;
    const attempt = (work) => { try { return work(); } catch (refused) { return null; } };  /* storage may be off */
    const parts = [...article.children];
    const forget = () => attempt(() => localStorage.removeItem(key));
    const kept = parts[attempt(() => localStorage.getItem(key)) || 0];

    if ('done' in offer.dataset) forget();
    else {
      if (kept && kept !== parts[0] && !location.hash) {
        offer.hidden = false;
        offer.querySelector('button').addEventListener('click', () => {
          kept.scrollIntoView();
          kept.tabIndex = -1;
          kept.focus({ preventScroll: true });
          offer.hidden = true;
        });
      }
      let waiting = 0;
      let left = false;
      const note = () => {
        waiting = 0;
        const place = parts.findIndex((part) => part.getBoundingClientRect().bottom > 16);
        if (place > 0 && !left) attempt(() => localStorage.setItem(key, place));
      };
      document.addEventListener('scroll', () => { waiting = waiting || setTimeout(note, 300); }, { passive: true });
      document.addEventListener('submit', ({ target }) => {
        if (!target.action.endsWith('/done')) return;
        left = true;
        forget();
      });
    }
  }
}
