import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's environment for Node with a global object like any other. Jest keeps its own behind a proxy, so that every `Math` and `Number` in a loop
 * calls into that proxy, and code that computes takes several times as long as outside of tests.
 */
export default class PlainGlobalsEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    // The constructor makes its context itself and has no option for the kind of it.
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}
