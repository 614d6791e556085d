/**
 * @file Loaded before the desktop program in a modern Electron (`electron -r`): writes down what it makes of the tray,
 * what it hands to the browser and what it warns of, as test/electron/compat does it for the old one.
 */
'use strict';

const { shell, Tray } = require('electron');

/** @type {import('./compat/electron.ts').Observed} */
const observed = {
  tray: { images: [], tooltip: '', menu: null },
  icon: { bounds: { x: 0, y: 0, width: 0, height: 0 }, click: () => undefined },
  opened: [],
  warnings: [],
};
Object.assign(globalThis, { observed });

/** @param {string} name @param {(value: unknown, tray: import('electron').Tray) => void} note */
function watch(name, note) {
  const own = /** @type {(this: unknown, value: unknown) => void} */ (Reflect.get(Tray.prototype, name));
  Reflect.defineProperty(Tray.prototype, name, {
    configurable: true,
    writable: true,
    /** @this {import('electron').Tray} @param {unknown} value */
    value: function (value) {
      note(value, this);
      own.call(this, value);
    },
  });
}

watch('setImage', (image) => {
  observed.tray.images.push(/** @type {import('electron').NativeImage} */ (image).toDataURL());
});
watch('setToolTip', (tooltip, tray) => {
  observed.icon.click = () => void tray.emit('click');
  observed.tray.tooltip = String(tooltip);
  process.stdout.write(`tray: ${observed.tray.tooltip}\n`);
});
watch('setContextMenu', (menu) => {
  observed.tray.menu = /** @type {import('electron').Menu | null} */ (menu);
});

Reflect.defineProperty(Tray.prototype, 'getBounds', { configurable: true, value: () => observed.icon.bounds });

Reflect.set(Tray.prototype, 'getBounds', () => observed.icon.bounds);

// The tests' machine has no browser to open.
shell.openExternal = (url) => {
  observed.opened.push(url);
  return Promise.resolve();
};

// Warnings are all that the program writes there.
const { stderr } = process;
const write = stderr.write.bind(stderr);
Reflect.set(stderr, 'write', (/** @type {string} */ line) => {
  const [, message] = /^\S+ (?:WARN|ERROR) +(.*)$/m.exec(line) ?? [];
  if (message !== undefined) observed.warnings.push(message);
  return write(line);
});
