/* A photo in the grader: + and - zoom, R turns (the file stays as it is), a click or the arrows and Enter set a mark,
   whose words are written below. Fields below the photo belong to the form of the review, but lie outside of it. */
{
  const STEPS = [1, 1.5, 2, 3, 4];
  const percent = (part) => `${(part * 100).toFixed(2)}%`;
  const draw = (kind, name, attributes, words = '') => {
    const made = document.createElementNS(kind, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.textContent = words;
    return made;
  };
  const make = (name, attributes, ...inside) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...inside);
    return made;
  };
  const tell = () => { const form = document.getElementById('grading'); form.dispatchEvent(new Event('input')); };

  document.querySelectorAll('[data-look]').forEach((look) => {
    const [view, stage] = [look.querySelector('.look__view'), look.querySelector('.look__stage')];
    const [image, marks, list] = [stage.querySelector('img'), stage.querySelector('svg'), look.querySelector('[data-pins]')];
    const [region, svg] = [look.querySelector('select'), marks.namespaceURI];
    const at = { x: 0.5, y: 0.5 };
    let [step, turns] = [0, 0];
    Object.assign(stage, { tabIndex: 0 });
    stage.setAttribute('role', 'application');
    stage.setAttribute('aria-label', stage.dataset.words);

    const show = () => {
      const [w, h] = [image.offsetWidth, image.offsetHeight];
      const fit = turns % 2 ? Math.min(1, w / h) : 1;
      const by = fit * STEPS[step];
      const [left, top] = [[0, h, w, 0][turns] * by, [0, 0, h, w][turns] * by];
      stage.style.transform = step || turns ? `translate(${left}px, ${top}px) rotate(${turns * 90}deg) scale(${by})` : '';
      view.style.height = turns % 2 ? `${w * fit}px` : '';
    };
    const zoom = (by) => {
      const before = STEPS[step];
      step = Math.min(STEPS.length - 1, Math.max(0, step + by));
      const grown = STEPS[step] / before;
      const [x, y] = [view.scrollLeft + view.clientWidth / 2, view.scrollTop + view.clientHeight / 2];
      show();
      view.scrollTo(x * grown - view.clientWidth / 2, y * grown - view.clientHeight / 2);
    };
    const turn = () => { turns = (turns + 1) % 4; show(); };

    const redraw = () => {
      const rows = [...list.children];
      marks.replaceChildren(...rows.flatMap((row, number) => {
        const [, x, y] = row.querySelector('[name=pin_place]').value.split(':').map(Number);
        row.querySelector('b').textContent = number + 1;
        return [draw(svg, 'circle', { cx: percent(x), cy: percent(y), r: 14 }), draw(svg, 'text', { x: percent(x), y: percent(y) }, number + 1)];
      }), cross);
    };
    const cross = draw(svg, 'g', { class: 'look__cross' });
    const aim = () => {
      const [x, y, dx, dy] = [at.x, at.y, 16 / (image.offsetWidth || 400), 16 / (image.offsetHeight || 400)];
      cross.replaceChildren(draw(svg, 'line', { x1: percent(x - dx), x2: percent(x + dx), y1: percent(y), y2: percent(y) }),
        draw(svg, 'line', { x1: percent(x), x2: percent(x), y1: percent(y - dy), y2: percent(y + dy) }));
    };
    const part = (x, y) => region.options[Math.min(2, Math.floor(y * 3)) * 3 + Math.min(2, Math.floor(x * 3))].textContent;
    const leave = (row) => { row.remove(); redraw(); tell(); stage.focus(); };
    const remover = (row) => row.append(make('p', {}, make('button', {
      type: 'button', className: 'btn btn-3 btn-s flushl', textContent: list.dataset.remove, onclick: () => leave(row),
    })));
    const set = (x, y) => {
      const text = make('textarea', { className: 'in', name: 'pin_text', rows: 2, maxLength: 500 });
      text.setAttribute('form', 'grading');
      const place = make('input', { type: 'hidden', name: 'pin_place', value: `${look.dataset.look}:${x.toFixed(4)}:${y.toFixed(4)}` });
      place.setAttribute('form', 'grading');
      const row = make('li', {}, make('label', { className: 'mute' }, make('b', {}), ` ${list.dataset.say}, ${part(x, y)}`, text), place);
      remover(row);
      list.append(row);
      redraw();
      text.focus();
    };

    image.addEventListener('click', (event) => set(event.offsetX / image.offsetWidth, event.offsetY / image.offsetHeight));
    look.addEventListener('click', ({ target }) => {
      const button = target.closest('[data-zoom], [data-turn]');
      if (button) (button.dataset.zoom ? zoom(Number(button.dataset.zoom)) : turn());
    });
    stage.addEventListener('focus', aim);
    stage.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const pace = event.shiftKey ? 0.1 : 0.02;
      const move = { ArrowLeft: [-pace, 0], ArrowRight: [pace, 0], ArrowUp: [0, -pace], ArrowDown: [0, pace] }[event.key];
      const act = { '+': () => zoom(1), '-': () => zoom(-1), r: turn, R: turn, Enter: () => set(at.x, at.y) }[event.key];
      if (move) {
        at.x = Math.min(1, Math.max(0, at.x + move[0]));
        at.y = Math.min(1, Math.max(0, at.y + move[1]));
        aim();
      } else if (act) act();
      else if (event.key === 'Escape') (document.querySelector('[data-grader] .crit :checked') || document.querySelector('[data-grader] .crit input')).focus();
      else return;
      event.preventDefault();
    });
    list.addEventListener('input', tell);
    list.addEventListener('keydown', (event) => { if (event.key === 'Escape') stage.focus(); });
    [...list.children].forEach(remover);
    redraw();
  });
}
