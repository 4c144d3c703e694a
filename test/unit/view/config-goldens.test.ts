import { configModel } from '../../support/config-scenes.js';
import { keys, play } from '../../support/dashboard.js';
import { type Scene, testScreens } from '../../support/screen-goldens.js';

/** What a reload of the configuration leaves to be seen. */
const SCENES: Readonly<Record<string, Scene>> = {
  'config-pending': (width, height, ascii) => configModel(width, height, 50, ascii),
  'config-refused': (width, height, ascii) => configModel(width, height, 60, ascii),
  'config-events': (width, height, ascii) =>
    play(configModel(width, height, 60, ascii), keys('5', 'up')).model,
  'config-record': (width, height, ascii) =>
    play(configModel(width, height, 60, ascii), keys('5', 'end', 'enter')).model,
};

testScreens(SCENES);
