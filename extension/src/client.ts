/** Plugin: the door to the server part. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { contentLanguage } from './language';
import { UstazClient } from './request';
import { DOMAIN, IUstazClient } from './tokens';

export const clientPlugin: JupyterFrontEndPlugin<IUstazClient> = {
  id: 'ustaz-lab:client',
  description: 'Talks with the server part of Ustaz.',
  autoStart: true,
  provides: IUstazClient,
  optional: [ITranslator],
  activate: (app, translator: ITranslator | null) =>
    new UstazClient({
      language: contentLanguage((translator ?? nullTranslator).languageCode),
      trans: (translator ?? nullTranslator).load(DOMAIN),
      settings: app.serviceManager.serverSettings
    })
};
