// A lint rule: the source folders ("rooms") of a package stand on floors, and a room imports rooms of lower floors alone, types included.
import path from 'node:path';

const order = {
  meta: {
    type: 'problem',
    messages: {
      above: '{{from}} stands on floor {{floor}}, {{to}} on floor {{other}}: a room imports rooms of lower floors alone.',
      unknown: '{{room}} stands on no floor: give it one in .oxlintrc.json (rooms/order).',
      neighbour: '{{from}} imports {{to}}: only {{allowed}} may.',
    },
    schema: [{ type: 'object' }],
  },
  create(context) {
    const { src, floors, apart = {} } = context.options[0];
    const roomOf = (file) => path.relative(path.resolve(src), file).replace(/\.ts$/, '').split(path.sep);
    const floorOf = (room) => floors.findIndex((rooms) => rooms.includes(room));

    function check(node, source) {
      if (typeof source?.value !== 'string' || !source.value.startsWith('.')) return;
      const [from, to] = [roomOf(context.filename), roomOf(path.resolve(path.dirname(context.filename), source.value))];
      if (to[0] === '..') return;
      if (from[0] === to[0]) return checkNeighbours(node, from, to);
      const [floor, other] = [floorOf(from[0]), floorOf(to[0])];
      const room = floor < 0 ? from[0] : to[0];
      if (floor < 0 || other < 0) return context.report({ node, messageId: 'unknown', data: { room } });
      if (other >= floor) context.report({ node, messageId: 'above', data: { from: from[0], to: to[0], floor, other } });
    }

    /** Folders inside of a room that know nothing of one another, but for those named in `apart`. */
    function checkNeighbours(node, [room, from], [, to]) {
      const allowed = apart[room];
      if (!allowed || from === to || floorless(from) || floorless(to)) return;
      const pair = `${from} → ${to}`;
      if (!allowed.includes(pair)) context.report({ node, messageId: 'neighbour', data: { from, to, allowed: allowed.join(', ') || 'none' } });
    }

    /** A file of the room itself, not of a folder in it. */
    const floorless = (name) => name === undefined || (apart.shared ?? []).includes(name);

    return {
      ImportDeclaration: (node) => check(node, node.source),
      ExportNamedDeclaration: (node) => check(node, node.source),
      ExportAllDeclaration: (node) => check(node, node.source),
      ImportExpression: (node) => check(node, node.source),
      TSImportType: (node) => check(node, node.source ?? node.argument),
      CallExpression: (node) => node.callee.name === 'require' && check(node, node.arguments[0]),
    };
  },
};

export default { meta: { name: 'rooms' }, rules: { order } };
