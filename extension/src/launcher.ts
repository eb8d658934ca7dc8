/** Plugin: the launcher card and the command palette. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { ustazIcon } from './icon';
import { CommandIDs, DOMAIN, IWorkbench, PANEL_ID } from './tokens';

export const launcherPlugin: JupyterFrontEndPlugin<void> = {
  id: 'ustaz-lab:launcher',
  description: 'Launcher card and command palette entries.',
  autoStart: true,
  requires: [IWorkbench],
  optional: [ITranslator, ILauncher, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    _workbench: IWorkbench,
    translator: ITranslator | null,
    launcher: ILauncher | null,
    palette: ICommandPalette | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const category = trans.__('Ustaz');
    app.commands.addCommand(CommandIDs.open, {
      label: args => (args.isPalette ? trans.__('Open the workbench') : trans.__('Ustaz')),
      caption: trans.__('Classes, assignments and templates'),
      icon: args => (args.isPalette ? undefined : ustazIcon),
      describedBy: {
        args: {
          type: 'object',
          properties: { isPalette: { type: 'boolean', description: 'Shown in the palette' } }
        }
      },
      execute: () => app.shell.activateById(PANEL_ID)
    });
    launcher?.add({ command: CommandIDs.open, category, rank: 1 });
    palette?.addItem({ command: CommandIDs.open, category, args: { isPalette: true } });
    palette?.addItem({ command: CommandIDs.classPlot, category });
    palette?.addItem({ command: CommandIDs.refresh, category });
  }
};
