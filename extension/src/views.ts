/** Plugin: the commands that open the main-area views, which come back after a reload. */

import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IThemeManager, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { ClassView } from './classview';
import { ustazIcon } from './icon';
import type { Preview } from './preview';
import { CommandIDs, DOMAIN, IUstazClient, IWorkbench } from './tokens';

export const viewsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'ustaz-lab:views',
  description: 'The class plot and the preview of a template, in the main area.',
  autoStart: true,
  requires: [IUstazClient, IWorkbench],
  optional: [ITranslator, ILayoutRestorer, IThemeManager],
  activate: (
    app: JupyterFrontEnd,
    client: IUstazClient,
    workbench: IWorkbench,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    themes: IThemeManager | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    addClassPlot(app, client, workbench, trans, restorer, themes);
    addPreview(app, client, trans, restorer);
  }
};

function addClassPlot(
  app: JupyterFrontEnd,
  client: IUstazClient,
  workbench: IWorkbench,
  trans: TranslationBundle,
  restorer: ILayoutRestorer | null,
  themes: IThemeManager | null
): void {
  const tracker = new WidgetTracker<MainAreaWidget<ClassView>>({ namespace: 'ustaz-class-plot' });
  const command = CommandIDs.classPlot;
  void restorer?.restore(tracker, {
    command,
    args: widget => ({ classroom: widget.content.classroom }),
    name: widget => widget.content.classroom
  });
  const describedBy = {
    args: {
      type: 'object',
      properties: {
        classroom: { type: 'string', description: 'Id of the class; the panel’s if left out' }
      }
    }
  };
  app.commands.addCommand(command, {
    label: trans.__('Class plot'),
    caption: trans.__('Show every student’s mastery of every skill'),
    describedBy,
    execute: async args => {
      const classroom = text(args, 'classroom') || (await currentClassroom(workbench));
      if (!classroom) {
        return app.commands.execute(CommandIDs.open);
      }
      const open = tracker.find(widget => widget.content.classroom === classroom);
      if (open) {
        app.shell.activateById(open.id);
        return open.content.refresh();
      }
      const view = await import('./classview');
      const content = new view.ClassView({ client, trans, classroom, themes });
      const widget = new MainAreaWidget({ content });
      widget.id = `ustaz-class-plot-${classroom}`;
      const known = workbench.classrooms.find(each => each.id === classroom);
      decorate(widget, trans.__('Class plot: %1', known?.title ?? classroom));
      app.shell.add(widget, 'main');
      return tracker.add(widget);
    }
  });
}

function addPreview(
  app: JupyterFrontEnd,
  client: IUstazClient,
  trans: TranslationBundle,
  restorer: ILayoutRestorer | null
): void {
  const tracker = new WidgetTracker<MainAreaWidget<Preview>>({ namespace: 'ustaz-preview' });
  const command = CommandIDs.preview;
  void restorer?.restore(tracker, {
    command,
    args: widget => ({ ...widget.content.place }),
    name: widget => previewId(widget.content.place)
  });
  const describedBy = {
    args: {
      type: 'object',
      required: ['classroom', 'course', 'template'],
      properties: {
        classroom: { type: 'string', description: 'Id of the class' },
        course: { type: 'string', description: 'Id of the course' },
        template: { type: 'string', description: 'Id of the template' },
        title: { type: 'string', description: 'Title of the template, for the tab' },
        seed: { type: 'integer', description: 'Which drawing of variants is shown' }
      }
    }
  };
  app.commands.addCommand(command, {
    label: trans.__('Preview of a template'),
    describedBy,
    execute: async args => {
      const template = text(args, 'template');
      const place = {
        classroom: text(args, 'classroom'),
        course: text(args, 'course'),
        template,
        title: text(args, 'title') || template,
        seed: typeof args.seed === 'number' ? args.seed : 0
      };
      const id = previewId(place);
      const open = tracker.find(widget => widget.id === id);
      if (open) {
        app.shell.activateById(open.id);
        return;
      }
      const view = await import('./preview');
      const content = new view.Preview(client, trans, place);
      const widget = new MainAreaWidget({ content });
      widget.id = id;
      decorate(widget, place.title);
      content.seedChanged.connect(() => void tracker.save(widget));
      app.shell.add(widget, 'main');
      void tracker.add(widget);
    }
  });
}

function previewId(place: { classroom: string; course: string; template: string }): string {
  return ['ustaz-preview', place.classroom, place.course, place.template].join('-');
}

function decorate(widget: MainAreaWidget, label: string): void {
  widget.title.label = label;
  widget.title.caption = label;
  widget.title.icon = ustazIcon;
  widget.title.closable = true;
  // An empty toolbar would only take room.
  widget.toolbar.hide();
}

/** The panel's class; the panel may not have been opened yet. */
async function currentClassroom(workbench: IWorkbench): Promise<string> {
  if (!workbench.current) {
    await workbench.refresh();
  }
  return workbench.current?.id ?? '';
}

function text(args: ReadonlyPartialJSONObject, name: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : '';
}
