/** @file What becomes of a program after a fault that nothing caught. */
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { watchFaults } from '../../../src-main/shell/faults.ts';
import { createKeptLog } from '../../support/kept-log.ts';

function watch(uptimeS: number) {
  const process = Object.assign(new EventEmitter(), { uptime: () => uptimeS });
  const told: unknown[] = [];
  const log = createKeptLog();
  watchFaults({ process, log, restart: () => told.push('restart'), giveUp: (error) => told.push(error) });
  return { process, told, log };
}

test('it starts anew, once', () => {
  const { process, told, log } = watch(61);
  process.emit('uncaughtException', new Error('one'));
  process.emit('uncaughtException', new Error('two, while it ends'));
  expect(told).toEqual(['restart']);
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
});

test('one that fails at its start tells the person and does not come back', () => {
  const { process, told } = watch(3);
  const error = new Error('at once');
  process.emit('uncaughtException', error);
  expect(told).toEqual([error]);
});

test('a failure that nobody waited for is written down, and that is all', () => {
  const { process, told, log } = watch(500);
  process.emit('unhandledRejection', new Error('nobody waits'));
  expect(told).toEqual([]);
  expect(log.lines).toHaveLength(1);
});
