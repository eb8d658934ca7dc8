/** Plugin: the side panel and the state behind it. */

import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- the panel stands in the side bar at once
import { Panel } from './panel';
import { CommandIDs, DOMAIN, IUstazClient, IWorkbench, PANEL_ID } from './tokens';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- the plugin provides it
import { Workbench } from './workbench';

/** After JupyterLab's own panels (file browser, running, contents, extensions: up to 1000). */
const RANK = 900;

export const sidePlugin: JupyterFrontEndPlugin<IWorkbench> = {
  id: 'ustaz-lab:panel',
  description: 'Side panel with classes, assignments and templates.',
  autoStart: true,
  provides: IWorkbench,
  requires: [IUstazClient],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    client: IUstazClient,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): IWorkbench => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const workbench = new Workbench(client);
    const { commands, shell } = app;
    const panel = new Panel({ workbench, commands, trans, language: client.language });
    shell.add(panel, 'left', { rank: RANK, type: 'Ustaz' });
    restorer?.add(panel, PANEL_ID);
    commands.addCommand(CommandIDs.refresh, {
      label: trans.__('Refresh classes, assignments and templates'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => workbench.refresh()
    });
    return workbench;
  }
};
