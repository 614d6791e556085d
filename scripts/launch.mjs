/**
 * @file Entry of every `npm run` of this project: makes ready what is missing, then runs the task on Node 24.
 * This file alone must be readable by very old Nodes, so that they can say what is wrong: nothing modern here.
 */
const major = Number(process.versions.node.split('.')[0]);

if (major < 18) {
  process.stderr.write(
    'epicstar: this Node.js is too old.\n' +
      '  What: Node.js ' +
      process.versions.node +
      ' was found; 18 or newer is needed to set epicstar up.\n' +
      '  Why:  epicstar fetches its own Node.js 24 with npm, and needs a living one to begin with.\n' +
      '  Next: install a current Node.js from https://nodejs.org, then run the same command again.\n',
  );
  process.exit(2);
} else {
  void import('./setup/main.mjs').then(function (setup) {
    return setup.main(process.argv.slice(2));
  });
}
