/* Lays out rows of cells as the traces of grid.py. Nothing is judged here: percents, states and
   words come from Python; this places them. */
'use strict';

/** Fill the {name} places of a translated message. */
function filled(message, values) {
  return message.replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
}

/** Text that plotly shows as it stands: the same characters as labels.harmless. */
function harmless(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
    .replace(/\$/g, '&#36;');
}

function shortened(text, limit) {
  const letters = Array.from(text);
  return letters.length <= limit ? text : letters.slice(0, limit - 1).join('').trimEnd() + '…';
}

/** The cell of a row and a column (an index of data.skills); state 0 where there are no answers. */
function cellOf(data, row, column) {
  const flat = data.cells[row];
  for (let at = 0; at < flat.length; at += 6) {
    if (flat[at] === column) {
      return {
        percent: flat[at + 1],
        low: flat[at + 2],
        high: flat[at + 3],
        answers: flat[at + 4],
        state: flat[at + 5],
        recent: data.answers[row][at / 6]
      };
    }
  }
  return { percent: -1, low: -1, high: -1, answers: 0, state: 0, recent: [] };
}

function answersOf(data, cell) {
  const found = [];
  for (let at = 0; at < cell.recent.length; at += 4) {
    const [day, item, score, hints] = cell.recent.slice(at, at + 4);
    found.push({ date: data.days[day], item: data.items[item], score, hints });
  }
  return found;
}

function labelOf(data, cell) {
  const symbol = data.symbols[cell.state];
  if (cell.state === 0) {
    return symbol;
  }
  return cell.state === data.unsure ? symbol + cell.percent : cell.percent + symbol;
}

function standing(data, cell) {
  const word = data.words.states[cell.state];
  return cell.state === 0 ? word : `${filled(data.words.interval, cell)} — ${word}`;
}

/** What a cell says when it is hovered over; the same text as story.cell_story. */
function storyOf(data, row, column, cell) {
  const limit = data.hoverCharacters;
  const lines = [
    `<b>${harmless(shortened(data.names[row], limit))}</b>`,
    harmless(shortened(data.skills[column].title, limit)),
    harmless(standing(data, cell))
  ];
  if (cell.state === 0) {
    return lines.join('<br>');
  }
  lines.push(harmless(filled(data.words.answers, { count: cell.answers })));
  const answers = answersOf(data, cell);
  if (answers.length) {
    lines.push(harmless(data.words.last));
  }
  for (const answer of answers.slice(0, data.hoverAnswers)) {
    const message = answer.hints ? data.words.answerWithHints : data.words.answer;
    lines.push(harmless(filled(message, { ...answer, item: shortened(answer.item, limit) })));
  }
  return lines.join('<br>');
}

/** The traces of these rows and columns, and which cell each point is. */
function gridTraces(data, rows, columns) {
  const g = data.geometry;
  const [cells, empty, lines, intervals, labels] = data.traces.map(trace => ({
    ...trace, x: [], y: [], base: [], hovertext: [], text: [], ink: []
  }));
  const places = [[], []];
  const colours = [];
  rows.forEach((row, y) => {
    columns.forEach((column, x) => {
      const cell = cellOf(data, row, column);
      const ink = cell.percent >= g.lightFrom ? g.onLight : g.onDark;
      const block = cell.state === 0 ? empty : cells;
      block.y.push(y);
      block.base.push(x - g.cellSpan / 2);
      block.x.push(g.cellSpan);
      block.hovertext.push(storyOf(data, row, column, cell));
      places[cell.state === 0 ? 1 : 0].push({ row, column, x, y });
      labels.x.push(x);
      labels.y.push(cell.state === 0 ? y : y + g.labelY);
      labels.text.push(labelOf(data, cell));
      labels.ink.push(cell.state === 0 ? g.soft : ink);
      if (cell.state !== 0) {
        colours.push(g.colours[cell.percent]);
        lines.y.push(y + g.lineY);
        lines.base.push(x - g.lineSpan / 2);
        lines.x.push(g.lineSpan);
        lines.ink.push(ink);
        intervals.y.push(y + g.lineY);
        intervals.base.push(x - g.lineSpan / 2 + (g.lineSpan * cell.low) / 100);
        intervals.x.push((g.lineSpan * Math.max(cell.high - cell.low, 2)) / 100);
        intervals.ink.push(ink);
      }
    });
  });
  cells.marker = { ...cells.marker, color: colours };
  lines.marker = { ...lines.marker, color: lines.ink };
  intervals.marker = { ...intervals.marker, color: intervals.ink };
  labels.textfont = { ...labels.textfont, color: labels.ink };
  const traces = [cells, empty, lines, intervals, labels];
  traces.forEach(trace => delete trace.ink);
  return { traces, places };
}

/** The layout for these rows and columns. */
function gridLayout(data, rows, columns) {
  const { xaxis, yaxis, ...rest } = data.layout;
  const count = Math.max(rows.length, 1);
  return {
    ...rest,
    height: data.geometry.titlesPx + data.geometry.rowPx * count + 20,
    xaxis: {
      ...xaxis,
      range: [-0.5, Math.max(columns.length, 1) - 0.5],
      tickvals: columns.map((_, x) => x),
      ticktext: columns.map(column => harmless(data.skills[column].short))
    },
    yaxis: {
      ...yaxis,
      range: [count - 0.5, -0.5],
      tickvals: rows.map((_, y) => y),
      ticktext: rows.map(row => harmless(data.shown[row]))
    }
  };
}
