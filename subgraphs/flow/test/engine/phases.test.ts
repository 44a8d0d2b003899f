import { describe, expect, test } from '@jest/globals';
import { FlowRegistry } from '../../src/domain/engine/FlowRegistry.js';
import { Listen, phasesOf, Start } from '../../src/domain/engine/phases.js';
import { DiscoveryFlow } from '../../src/domain/discovery/DiscoveryFlow.js';

const done = async () => ({});

describe('the phases of a flow class', () => {
  test('run behind all that they listen to, otherwise as they are written', () => {
    class Diamond {
      @Listen(['left', 'right'], { title: 'Join', weight: 3 })
      join() {
        return done();
      }
      @Start({ title: 'Begin' })
      begin() {
        return done();
      }
      @Listen('begin', { title: 'Left' })
      left() {
        return done();
      }
      @Listen('begin', { title: 'Right' })
      right() {
        return done();
      }
    }
    expect(phasesOf(Diamond).map((phase) => [phase.name, phase.weight])).toEqual([
      ['begin', 1],
      ['left', 1],
      ['right', 1],
      ['join', 3],
    ]);
  });

  test('need a start, know each other and never wait in a circle', () => {
    class Endless {
      @Listen('second', { title: 'First' })
      first() {
        return done();
      }
      @Listen('first', { title: 'Second' })
      second() {
        return done();
      }
    }
    expect(() => phasesOf(Endless)).toThrow('no phase with @Start');
    class Lost {
      @Start({ title: 'Begin' })
      begin() {
        return done();
      }
      @Listen('nothing', { title: 'End' })
      end() {
        return done();
      }
    }
    expect(() => phasesOf(Lost)).toThrow('listens to nothing');
    class Circle extends Object {
      @Start({ title: 'Begin' })
      begin() {
        return done();
      }
      @Listen('two', { title: 'One' })
      one() {
        return done();
      }
      @Listen('one', { title: 'Two' })
      two() {
        return done();
      }
    }
    expect(() => phasesOf(Circle)).toThrow('wait for each other');
  });

  test('of a discovery are six, in the order in which people read them', () => {
    const definition = new FlowRegistry().register('discovery', new DiscoveryFlow()).find('discovery');
    expect(definition?.phases.map((phase) => phase.name)).toEqual([
      'import',
      'mapping',
      'cleansing',
      'inventory',
      'dependencies',
      'report',
    ]);
    expect(definition?.phases.reduce((sum, phase) => sum + phase.weight, 0)).toBe(100);
  });

  test('of one kind belong to one class', () => {
    const registry = new FlowRegistry().register('discovery', new DiscoveryFlow());
    expect(() => registry.register('discovery', new DiscoveryFlow())).toThrow('Two flow classes');
    expect(registry.find('other')).toBeNull();
  });
});
