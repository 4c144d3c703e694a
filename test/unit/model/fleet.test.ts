import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Fleet,
  FLEET_KEYS,
  type FleetEffect,
  type FleetMessage,
  fleetRows,
  initialFleet,
  listed,
  updateFleet,
} from '../../../top/model/fleet.js';
import { fleetView } from '../../../top/view/fleet-view.js';
import { busyShop, client, instanceAt, key, keys, operate, tick } from '../../support/dashboard.js';
import { uwsgiInstance } from '../../support/uwsgi-documents.js';
import { frameText } from '../../support/frame-text.js';
import { matchGolden } from '../../support/golden.js';

function start(width = 80, height = 24, addresses = ['web-1:9191', '/run/b.sock', 'web-3:9191']) {
  return initialFleet(addresses, { intervalMs: 1000, ascii: false, width, height });
}

function play(fleet: Fleet, messages: readonly FleetMessage[]) {
  const effects: FleetEffect[] = [];
  let current = fleet;
  for (const message of messages) {
    const [next, wanted] = updateFleet(current, message);
    current = next;
    effects.push(...wanted);
  }
  return { fleet: current, effects };
}

const from = (server: number, ...messages: FleetMessage[]): FleetMessage[] =>
  messages.map((message) => ({ ...message, server }));

const refused = 'nothing listens on web-3:9191';

/** A tsuwsgi in full swing, a uWSGI, and a server that does not answer. */
function watched(width: number, height: number): Fleet {
  return play(start(width, height), [
    tick(1),
    ...from(0, operate, instanceAt(1, busyShop(0)), instanceAt(1001, busyShop(1))),
    ...from(1, instanceAt(1, uwsgiInstance()), instanceAt(1001, uwsgiInstance())),
    ...from(2, client({ type: 'disconnected', at: 900, message: refused, retryInMs: 4000 })),
    tick(1401),
    ...keys('down', 'down'),
  ]).fleet;
}

for (const [width, height] of [
  [20, 5],
  [40, 10],
  [80, 24],
  [120, 40],
  [200, 60],
] as const) {
  test(`the list of servers at ${width}x${height} looks as drawn`, () => {
    const text = frameText(fleetView(watched(width, height)));
    matchGolden(`fleet-${width}x${height}.txt`, text);
  });
}

test('a message goes to the server that it is from, and time to all', () => {
  const { servers } = watched(80, 24);
  assert.deepEqual(
    servers.map(({ connection }) => connection.state),
    ['open', 'open', 'disconnected'],
  );
  assert.deepEqual(
    servers.map(({ now }) => now),
    [1401, 1401, 1401],
  );
});

test('Enter opens the marked server, and Esc on its overview comes back', () => {
  const opened = play(watched(80, 24), keys('home', 'enter')).fleet;
  assert.equal(opened.opened, 0);
  assert.match(frameText(fleetView(opened)), /catserve/);
  const help = play(opened, keys('?')).fleet;
  assert.equal(play(help, keys('escape')).fleet.opened, 0, 'it closes the help first');
  assert.equal(play(help, keys('escape', 'escape')).fleet.opened, null);
  const events = play(opened, keys('5', 'escape')).fleet;
  assert.equal(events.opened, 0, 'it leaves from the overview only');
  const filtered = play(opened, keys('/', '9', 'enter', 'escape')).fleet;
  assert.equal(filtered.opened, 0, 'it clears the filter first');
  assert.equal(play(filtered, keys('escape')).fleet.opened, null);
});

test('what a server is to do carries its number, and a key never reaches another', () => {
  const { effects, fleet } = play(watched(80, 24), keys('home', 'enter', '+', 'ctrl-r', 'enter'));
  assert.deepEqual(effects, [{ type: 'interval', ms: 2000, server: 0 }]);
  const sent = play(fleet, keys('right', 'enter'));
  assert.deepEqual(sent.effects, [
    { type: 'command', id: 1, command: { name: 'reload', how: 'rolling' }, server: 0 },
  ]);
  assert.deepEqual(
    sent.fleet.servers.map(({ commands }) => commands.length),
    [1, 0, 0],
  );
  assert.deepEqual(play(watched(80, 24), keys('ctrl-r', 'R', 'f9', 'K', '+')).effects, []);
});

test('a long list keeps the marked server in sight', () => {
  const many = Array.from({ length: 50 }, (_, index) => `web-${index}:9191`);
  let fleet = start(40, 10, many);
  for (const name of ['down', 'pagedown', 'end', 'up', 'pageup', 'home', 'G', 'k', 'g', 'x']) {
    fleet = play(fleet, [key(name)]).fleet;
    assert.ok(fleet.mark >= fleet.top && fleet.mark < fleet.top + fleetRows(fleet), name);
    assert.match(frameText(fleetView(fleet)), new RegExp(`web-${fleet.mark}:9191`));
  }
});

const letters = (text: string): string[] => Array.from(text);

const places = (fleet: Fleet): readonly number[] => listed(fleet);

test('F6 orders by each figure in turn, and at last as on the command line; I reverses it', () => {
  let fleet = watched(80, 24);
  const orders = ['rps', 'queue', 'busy', 'rss', 'hc', 'age', null].map((by) => {
    fleet = play(fleet, keys('f6')).fleet;
    assert.equal(fleet.sort.by, by);
    return places(fleet).join('');
  });
  // The third server has never answered: what is not known stands last, in either direction.
  for (const order of orders.slice(0, -1)) assert.match(order, /2$/);
  assert.equal(orders.at(-1), '012');
  const byRps = play(watched(80, 24), keys('f6')).fleet;
  const shown = places(byRps);
  assert.deepEqual(places(play(byRps, keys('I')).fleet), [shown[1], shown[0], 2]);
  assert.match(frameText(fleetView(byRps)), /RPS/);
});

test('the mark stays on its server, whatever the order', () => {
  const fleet = play(watched(80, 24), keys('home', 'f6', 'f6', 'I')).fleet;
  assert.equal(fleet.mark, 0);
  assert.equal(play(fleet, keys('enter')).fleet.opened, 0);
});

test('a filter leaves the servers that pass it, by word and by figure; Esc takes it away', () => {
  const typed = play(watched(80, 24), keys('/', ...letters('web-1'))).fleet;
  assert.deepEqual(places(typed), [0]);
  assert.match(frameText(fleetView(typed)), /^ \/web-1/m);
  const kept = play(typed, keys('enter')).fleet;
  assert.match(frameText(fleetView(kept)), /\/web-1 1 of 3/);
  assert.equal(play(kept, keys('enter')).fleet.opened, null, 'the marked one is not in sight');
  assert.equal(play(kept, keys('down', 'enter')).fleet.opened, 0);
  assert.deepEqual(places(play(kept, keys('escape')).fleet), [0, 1, 2]);
  const away = play(watched(80, 24), [
    ...keys('/', ...letters('state=disconnected')),
    ...keys('enter'),
  ]);
  assert.deepEqual(places(away.fleet), [2]);
  const none = play(
    watched(80, 24),
    keys('/', ...letters('rps>1M'), 'enter', 'down', 'enter'),
  ).fleet;
  assert.deepEqual(places(none), []);
  assert.equal(none.opened, null);
  assert.match(frameText(fleetView(none)), /no server matches/);
});

test('what is wrong with a filter is said, and a key that is typed does nothing else', () => {
  const wrong = play(watched(80, 24), keys('/', ...letters('rsss>1M'), 'enter')).fleet;
  assert.match(frameText(fleetView(wrong)), /rsss/);
  const typing = play(watched(80, 24), keys('/', 'q', 'f6', '?', 'I'));
  assert.deepEqual(typing.effects, []);
  assert.equal(typing.fleet.filter.text, 'q?I');
  assert.equal(typing.fleet.sort.by, null);
  assert.deepEqual(play(typing.fleet, keys('ctrl-c')).effects, [{ type: 'quit' }]);
});

test('? tells the keys of the list, and any key goes on', () => {
  const help = play(watched(80, 24), keys('?'));
  const text = frameText(fleetView(help.fleet));
  for (const [name] of FLEET_KEYS) assert.ok(text.includes(name), name);
  const after = play(help.fleet, keys('q'));
  assert.deepEqual(after.effects, []);
  assert.match(frameText(fleetView(after.fleet)), /3 servers/);
});

test('where there is little room, servers have it', () => {
  assert.equal(fleetRows(watched(20, 5)), 4);
  assert.equal(fleetRows(watched(40, 7)), 5);
  assert.equal(fleetRows(watched(40, 10)), 6);
});

test('the list is drawn at every size', () => {
  for (const width of [1, 2, 9, 25, 39, 61, 99, 300]) {
    for (const height of [1, 2, 3, 4, 7, 25]) {
      const frame = fleetView(watched(width, height));
      assert.deepEqual([frame.width, frame.height], [width, height]);
      for (const panel of frame.panels) {
        assert.ok(panel.kind === 'text' && panel.lines.length <= height);
        for (const line of panel.lines) {
          const wide = line.reduce((sum, { text }) => sum + text.length, 0);
          assert.ok(wide <= width, `${wide} columns of ${width}`);
        }
      }
    }
  }
});
