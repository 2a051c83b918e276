/* A grid of links is one stop of the tab key; the arrow keys go from cell to cell, Home and End to the ends of a row. */
{
  const table = document.querySelector('[data-cells]');
  const rows = table ? [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll('a')]) : [];
  const places = new Map();
  rows.forEach((row, y) => row.forEach((link, x) => {
    places.set(link, [x, y]);
    link.tabIndex = x || y ? -1 : 0;
  }));
  let current = rows[0]?.[0];
  const go = (link) => {
    if (!link) return;
    current.tabIndex = -1;
    current = link;
    link.tabIndex = 0;
    link.focus();
  };
  const moves = {
    ArrowRight: (x, y) => rows[y][x + 1],
    ArrowLeft: (x, y) => rows[y][x - 1],
    ArrowDown: (x, y) => rows[y + 1]?.[x],
    ArrowUp: (x, y) => rows[y - 1]?.[x],
    Home: (_x, y) => rows[y][0],
    End: (_x, y) => rows[y].at(-1),
  };
  table?.addEventListener('keydown', (event) => {
    const place = places.get(event.target);
    if (!place || !moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(moves[event.key](...place));
  });
}
