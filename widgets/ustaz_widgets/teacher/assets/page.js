/* The class's page: what is looked for, in which order, and whose answers are pinned. */
'use strict';

(() => {
  const byId = id => document.getElementById(id);
  const data = JSON.parse(byId('class-data').textContent);
  const plot = byId('plot');
  const frame = byId('frame');
  const config = { displaylogo: false, responsive: true, modeBarButtons: [['toImage']] };
  const FOLDED = { ә: 'а', ғ: 'г', қ: 'к', ң: 'н', ө: 'о', ұ: 'у', ү: 'у', һ: 'х', і: 'и', ё: 'е' };
  const view = { rows: [], columns: [], page: 0, places: [[], []], cursor: null };

  /** Letters as they are looked for: case aside, and Айгуль finds Айгүл. */
  function folded(text) {
    return text.normalize('NFC').toLowerCase().replace(/[әғқңөұүһіё]/g, letter => FOLDED[letter])
      .replace(/ь/g, '');
  }
  const searchable = data.names.map((name, row) => folded(`${name} ${data.ids[row]}`));

  function element(tag, text, attributes = {}) {
    const made = document.createElement(tag);
    made.textContent = text;
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    return made;
  }

  function ordered(rows, by) {
    if (by in data.rank) {
      return rows.sort((a, b) => data.rank[by][a] - data.rank[by][b]);
    }
    const column = data.skills.findIndex(skill => skill.id === by.slice(1));
    const percent = new Map(rows.map(row => {
      const found = cellOf(data, row, column).percent;
      return [row, found < 0 ? 101 : found];
    }));
    return rows.sort((a, b) => percent.get(a) - percent.get(b) || data.rank.name[a] - data.rank.name[b]);
  }

  function chosenGroup() {
    return byId('group') ? Number(byId('group').value) : 0;
  }

  /** Find the rows anew, from the controls. */
  function find() {
    const words = folded(byId('search').value).split(/\s+/).filter(Boolean);
    const group = chosenGroup();
    const pressing = byId('help').checked;
    const rows = [];
    for (let row = 0; row < data.names.length; row += 1) {
      if ((group === 0 || data.groupOf[row] === group) &&
          (!pressing || data.rank.help[row] < data.helped) &&
          words.every(word => searchable[row].includes(word))) {
        rows.push(row);
      }
    }
    view.rows = ordered(rows, byId('order').value);
    view.columns = data.columns[group];
    view.page = 0;
    draw();
  }

  function pageRows() {
    return view.rows.slice(view.page * data.pageSize, (view.page + 1) * data.pageSize);
  }

  function draw() {
    const rows = pageRows();
    const { traces, places } = gridTraces(data, rows, view.columns);
    view.places = places;
    view.cursor = null;
    byId('nobody').hidden = rows.length > 0;
    frame.hidden = rows.length === 0;
    plot.style.minWidth =
      `${data.geometry.namesPx + data.geometry.slantPx + data.geometry.columnPx * view.columns.length}px`;
    if (rows.length) {
      Plotly.react(plot, traces, gridLayout(data, rows, view.columns), config);
    }
    const from = view.page * data.pageSize;
    byId('range').textContent = filled(data.words.range, {
      first: rows.length ? from + 1 : 0, last: from + rows.length, count: view.rows.length
    });
    byId('earlier').disabled = view.page === 0;
    byId('later').disabled = from + rows.length >= view.rows.length;
    table(rows);
  }

  function table(rows) {
    const head = element('tr', '');
    head.append(element('th', data.words.student, { scope: 'col' }));
    view.columns.forEach(column =>
      head.append(element('th', data.skills[column].title, { scope: 'col' })));
    byId('table-head').replaceChildren(head);
    byId('table-body').replaceChildren(...rows.map(row => {
      const line = element('tr', '');
      line.append(element('th', data.names[row], { scope: 'row' }));
      view.columns.forEach(column => {
        const cell = cellOf(data, row, column);
        const answers = filled(data.words.answers, { count: cell.answers });
        line.append(element('td', cell.state === 0
          ? standing(data, cell) : `${standing(data, cell)}. ${answers}`));
      });
      return line;
    }));
  }

  /** Show the answers behind a cell beside the plot, until another is chosen. */
  function pin(row, column) {
    const cell = cellOf(data, row, column);
    const answers = answersOf(data, cell);
    const list = element('ul', '');
    answers.forEach(answer => list.append(element('li',
      filled(answer.hints ? data.words.answerWithHints : data.words.answer, answer))));
    const older = cell.answers - answers.length;
    const parts = [
      element('h3', data.names[row]),
      element('p', data.skills[column].title, { class: 'skill' }),
      element('p', standing(data, cell)),
      element('p', filled(data.words.answers, { count: cell.answers })),
      list
    ];
    if (older > 0) {
      parts.push(element('p', filled(data.words.older, { count: older }), { class: 'soft' }));
    }
    byId('pinned').replaceChildren(...parts);
  }

  function mark(place) {
    view.cursor = place;
    const line = { color: data.geometry.cursor, width: 3 };
    const half = data.geometry.cellSpan / 2 + 0.02;
    Plotly.relayout(plot, { shapes: [{
      type: 'rect', line, x0: place.x - half, x1: place.x + half, y0: place.y - half, y1: place.y + half
    }] });
  }

  function say(place) {
    const cell = cellOf(data, place.row, place.column);
    byId('said').textContent =
      `${data.names[place.row]}. ${data.skills[place.column].title}. ${standing(data, cell)}`;
  }

  function turn(step) {
    const last = Math.max(0, Math.ceil(view.rows.length / data.pageSize) - 1);
    const next = Math.min(Math.max(view.page + step, 0), last);
    if (next !== view.page) {
      view.page = next;
      draw();
    }
  }

  function move(key) {
    const rows = pageRows();
    let { x, y } = view.cursor ?? { x: -1, y: 0 };
    if (!view.cursor) { x = 0; }
    else if (key === 'ArrowLeft') { x -= 1; }
    else if (key === 'ArrowRight') { x += 1; }
    else if (key === 'ArrowUp') { y -= 1; }
    else if (key === 'ArrowDown') { y += 1; }
    else if (key === 'Home') { x = 0; }
    else if (key === 'End') { x = view.columns.length - 1; }
    x = Math.min(Math.max(x, 0), view.columns.length - 1);
    y = Math.min(Math.max(y, 0), rows.length - 1);
    const place = { x, y, row: rows[y], column: view.columns[x] };
    mark(place);
    say(place);
  }

  frame.addEventListener('keydown', event => {
    const moves = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== frame) { return; }
    if (moves.includes(event.key)) { move(event.key); }
    else if (event.key === 'PageDown') { turn(1); }
    else if (event.key === 'PageUp') { turn(-1); }
    else if ((event.key === 'Enter' || event.key === ' ') && view.cursor) {
      pin(view.cursor.row, view.cursor.column);
    } else { return; }
    event.preventDefault();
  });

  byId('controls').addEventListener('submit', event => event.preventDefault());
  byId('search').addEventListener('input', find);
  ['order', 'help'].forEach(id => byId(id).addEventListener('change', find));
  byId('group')?.addEventListener('change', () => { overview(); find(); });
  byId('earlier').addEventListener('click', () => turn(-1));
  byId('later').addEventListener('click', () => turn(1));

  /** The summary by skill; a click on a skill sorts the students by it. */
  function overview() {
    const box = byId('overview');
    if (!box) { return; }
    const shown = data.overviews[chosenGroup()];
    Plotly.react(box, shown.data, shown.layout, config);
    byId('overview-list').replaceChildren(...shown.lines.map(([title, ...lines]) => {
      const entry = element('li', `${title}: `);
      entry.append(lines.join('; '));
      return entry;
    }));
    if (!box.dataset.listens) {
      box.dataset.listens = 'yes';
      box.on('plotly_click', event => {
        byId('order').value = `:${data.overviews[chosenGroup()].skills[event.points[0].pointIndex]}`;
        find();
        byId('students').scrollIntoView();
      });
    }
  }

  overview();
  find();
  plot.on('plotly_click', event => {
    const point = event.points.find(found => found.curveNumber < 2);
    const place = point && view.places[point.curveNumber][point.pointIndex];
    if (place) {
      mark(place);
      pin(place.row, place.column);
    }
  });
  document.body.dataset.ready = 'yes';
})();
