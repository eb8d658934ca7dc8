/** The extension's plugins; each stands in a module of its own. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { clientPlugin } from './client';
import { launcherPlugin } from './launcher';
import { sidePlugin } from './side';
import { viewsPlugin } from './views';

export { IUstazClient, IWorkbench } from './tokens';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  clientPlugin,
  sidePlugin,
  viewsPlugin,
  launcherPlugin
];

export default plugins;
