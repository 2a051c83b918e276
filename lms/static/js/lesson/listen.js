/* Reads a lesson aloud with the voice that the phone has; nothing is fetched. The bar [data-listen] shows itself only
   where there is a Spanish voice. A pause stops the voice and begins with the same paragraph again: on Android a voice
   that was paused never comes back. */
{
  const bar = document.querySelector('[data-listen]');
  const article = document.querySelector('.prose');
  const speech = window.speechSynthesis;
  const SPOKEN = 'h2, h3, p, li, td, figcaption, summary';

  if (bar && article && speech && window.SpeechSynthesisUtterance) {
    const play = bar.querySelector('[data-listen-play]');
    const stop = bar.querySelector('[data-listen-stop]');
    const language = (voice) => voice.lang.replace('_', '-').toLowerCase();
    const voices = () => speech.getVoices().filter((voice) => language(voice).startsWith('es'));
    let parts = [];
    let place = 0;
    let turn = 0;  /* a voice that was stopped still says that it ended */

    const isSpoken = (part) => part.textContent.trim() && !part.closest('.words')
      && !part.querySelector('p, li') && (part.matches('summary') || !part.closest('details:not([open])'));
    const say = (words) => { play.querySelector('span').textContent = bar.dataset[words]; };
    const mark = (part) => {
      article.querySelectorAll('.said').forEach((old) => old.classList.remove('said'));
      if (!part) return;
      part.classList.add('said');
      const box = part.getBoundingClientRect();
      if (box.top < 0 || box.bottom > innerHeight) part.scrollIntoView({ block: 'center' });
    };
    const rest = (words) => {
      turn += 1;
      speech.cancel();
      bar.dataset.state = words;
      stop.hidden = words === 'start';
      say(words);
    };
    const end = () => { rest('start'); place = 0; mark(null); };
    const speak = () => {
      if (place >= parts.length) { end(); return; }
      const mine = turn;
      const utterance = new SpeechSynthesisUtterance(parts[place].textContent);
      const known = voices();
      utterance.voice = known.find((voice) => language(voice) === 'es-mx') || known[0] || null;
      utterance.lang = utterance.voice ? utterance.voice.lang : 'es-MX';
      utterance.onend = () => { if (mine === turn) { place += 1; speak(); } };
      utterance.onerror = () => { if (mine === turn) end(); };
      mark(parts[place]);
      speech.speak(utterance);
    };

    play.addEventListener('click', () => {
      if (bar.dataset.state === 'pause') { rest('resume'); return; }
      if (bar.dataset.state !== 'resume') parts = [...article.querySelectorAll(SPOKEN)].filter(isSpoken);
      rest('pause');
      speak();
    });
    stop.addEventListener('click', () => { end(); play.focus(); });
    window.addEventListener('pagehide', () => speech.cancel());
    const show = () => { bar.hidden = !voices().length; };
    show();
    speech.addEventListener?.('voiceschanged', show);
  }
}
