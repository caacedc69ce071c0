// Keeps the page of what is going on up to date. Each message of the stream is
// an answer of /api/v1/live with the instant at which it was made. Texts from
// outside are only ever set as text.
(function () {
  'use strict';
  const root = document.getElementById('live');
  if (!root || !window.EventSource) return;
  const words = JSON.parse(root.dataset.words);
  const table = document.getElementById('outage-table');
  const body = table.tBodies[0];
  const blank = document.getElementById('outage').content.firstElementChild;
  const pause = document.getElementById('pause');
  const connection = document.getElementById('connection');
  const said = document.getElementById('said');
  let paused = false, waiting = null, source = null, last = '', telling = '', resting = 0;

  // write changes a text only where it differs, so that readers are not disturbed.
  function write(node, text) {
    if (node && node.textContent !== text) node.textContent = text;
  }
  function say(key, ...args) {
    return args.reduce((text, arg) => text.replace('{}', () => arg), words.says[key]);
  }
  function name(names, id) {
    return Object.hasOwn(names, id) ? names[id] : id;
  }

  // The numbers are written as the server writes them.
  function group(digits) {
    return digits.replace(/\B(?=(\d{3})+$)/g, ',');
  }
  function exact(n) {
    const [whole, part] = String(n).split('.');
    return group(whole) + (part ? '.' + part : '');
  }
  function hundredths(n) {
    return group(String(Math.floor(n / 100))) + '.' + String(n % 100).padStart(2, '0');
  }
  function thousandths(n) {
    return Math.round(n * 1000);
  }
  function hours(seconds) {
    return hundredths(Math.floor((thousandths(seconds) + 18000) / 36000));
  }
  function share(part, whole) {
    if (whole <= 0) return words.says.absent;
    const p = BigInt(thousandths(part)), w = BigInt(thousandths(whole));
    return hundredths(Number((p * 10000n + w / 2n) / w)) + ' %';
  }
  function clock(at) {
    if (!at) return words.says.absent;
    const seconds = at.slice(16, 19);
    return at.slice(0, 10) + ' ' + at.slice(11, 16) + (seconds === ':00' ? '' : seconds);
  }
  // stamp writes the wall time in the zone of the policy, as the server does.
  function stamp(at) {
    const part = {};
    const format = {timeZone: words.zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'longOffset'};
    for (const p of new Intl.DateTimeFormat('en', format).formatToParts(new Date(at))) part[p.type] = p.value;
    const offset = part.timeZoneName.replace('GMT', '') || '+00:00';
    return part.year + '-' + part.month + '-' + part.day + ' ' + part.hour + ':' + part.minute + ':' + part.second + ' ' + offset;
  }
  function length(from, to) {
    const minutes = Math.floor(Math.max(Date.parse(to) - Date.parse(from), 0) / 60000);
    return Math.floor(minutes / 60) + ':' + String(minutes % 60).padStart(2, '0');
  }

  function record(o) {
    const url = new URL(words.record, location.href);
    if (o.event_id) url.searchParams.set('event', o.event_id);
    if (o.source) url.searchParams.set('source', o.source);
    return url.pathname + url.search;
  }

  function fill(row, o, asOf) {
    const field = (f) => row.querySelector('[data-field="' + f + '"]');
    const link = field('event'), href = record(o);
    if (link.getAttribute('href') !== href) link.setAttribute('href', href);
    write(link.firstElementChild, o.event_id || words.says.absent);
    field('stale').hidden = !o.stale;
    const texts = {
      customers: exact(o.customers), start: clock(o.start), length: length(o.start, asOf), end: clock(o.end), area: name(words.scopes, o.area), class: name(words.classes, o.class),
      feeder: o.feeder_id || words.says.absent, unit: o.unit_id, nature: name(words.natures, o.nature), cause: o.cause, rows: o.rows > 1 ? say('rows', group(String(o.rows))) : '', hours: hours(o.customer_seconds),
    };
    for (const f of Object.keys(texts)) write(field(f), texts[f]);
  }

  // outages brings the rows into the order of the answer. Rows that stay are the
  // same elements, and what had the focus keeps it.
  function outages(live) {
    const rows = new Map(Array.from(body.rows, (row) => [row.dataset.key, row]));
    const seen = new Map(), focus = body.contains(document.activeElement) ? document.activeElement : null;
    let at = body.rows[0] || null;
    const shown = live.outages.slice(0, Number(root.dataset.shown));
    for (const o of shown) {
      const plain = [o.source, o.event_id, o.feeder_id, o.unit_id, o.area, o.class, o.start].join('|');
      seen.set(plain, (seen.get(plain) || 0) + 1);
      const key = plain + '|' + group(String(seen.get(plain)));
      let row = rows.get(key);
      rows.delete(key);
      if (!row) {
        row = document.importNode(blank, true);
        row.dataset.key = key;
      }
      fill(row, o, live.as_of);
      if (row === at) at = at.nextElementSibling;
      else body.insertBefore(row, at);
    }
    for (const row of rows.values()) row.remove();
    if (focus && document.activeElement !== focus) (focus.isConnected ? focus : document.getElementById('outages')).focus({preventScroll: true});
    table.hidden = live.outages.length === 0;
    document.getElementById('none').hidden = live.outages.length > 0;
    const more = document.getElementById('more'), left = live.outages.length - shown.length + live.more;
    more.hidden = !left;
    write(more, left ? say('more', group(String(left))) : '');
  }

  function scopes(live) {
    const rows = new Map(Array.from(root.querySelectorAll('[data-scope]'), (row) => [row.dataset.scope, row]));
    for (const s of live.scopes) {
      const row = rows.get(s.scope);
      if (!row) continue;
      const field = (f) => row.querySelector('[data-field="' + f + '"]');
      write(field('out'), exact(s.interrupted_customers));
      write(field('served'), exact(s.served_customers));
      write(field('share'), share(s.interrupted_customers, s.served_customers));
      write(field('outages'), group(String(s.outages)));
    }
  }

  function show(live) {
    scopes(live);
    outages(live);
    write(root.querySelector('[data-live="as-of"]'), clock(live.as_of));
    if (live.computed) write(root.querySelector('[data-live="computed"]'), stamp(live.computed));
    const whole = live.scopes.find((s) => s.level === 'whole');
    if (!whole) return;
    const now = say('now', exact(whole.interrupted_customers), group(String(whole.outages)));
    write(document.getElementById('now'), now);
    if (last !== now) tell(now);
    last = now;
  }

  // tell says to those who listen what is out now, not oftener than they can hear.
  function tell(now) {
    telling = now;
    if (resting) return;
    write(said, now);
    resting = setTimeout(() => {
      resting = 0;
      if (said.textContent !== telling) tell(telling);
    }, 10000);
  }

  function listen() {
    source = new EventSource(root.dataset.stream);
    source.addEventListener('open', () => state());
    source.addEventListener('live', (message) => {
      waiting = JSON.parse(message.data);
      state();
      if (!paused) show(waiting);
    });
    source.addEventListener('error', () => {
      state('lost');
      if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
      source = null;
      setTimeout(() => { if (!source) listen(); }, 3000);
    });
  }
  function state(trouble) {
    connection.classList.toggle('trouble', Boolean(trouble));
    write(connection, words.says[trouble || (paused ? 'paused' : 'on')]);
  }

  pause.hidden = false;
  pause.addEventListener('click', () => {
    paused = !paused;
    write(pause, words.says[paused ? 'resume' : 'pause']);
    state(source && source.readyState === EventSource.OPEN ? '' : 'lost');
    if (!paused && waiting) show(waiting);
  });
  last = document.getElementById('now').textContent;
  window.addEventListener('pagehide', () => { if (source) source.close(); });
  window.addEventListener('pageshow', (event) => { if (event.persisted) listen(); });
  listen();
})();
