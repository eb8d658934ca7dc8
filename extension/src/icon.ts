/** The workbench's icon: a board with one mark, in the theme's own icon colour. */

import { LabIcon } from '@jupyterlab/ui-components';

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="none" stroke="#616161" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
    <rect x="3" y="4" width="18" height="12" rx="1.5"/>
    <path d="M7.5 10.5l2.5 2.5 6-6M12 16v4M8.5 20h7"/>
  </g>
</svg>`;

// JupyterLab's themes recolour `jp-icon3` by fill; a stroked drawing needs the selectable class's
// stroke instead, which style/base.css sets for this icon.
export const ustazIcon = new LabIcon({ name: 'ustaz-lab:board', svgstr: SVG });
