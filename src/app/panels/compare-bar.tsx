import { Button, Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconLink,
  IconLinkOff,
  IconListDetails,
  IconPlus,
  IconReportAnalytics,
} from '@tabler/icons-react';
import { addPane, endCompare, showModels, showPreset } from '../compare/commands.ts';
import { MOST_PANES, modelName } from '../compare/setting.ts';
import { useCompare, writeCompare } from '../compare/state.ts';
import { EndButton, Tool } from '../parts/tool.tsx';
import { useApp, writeApp } from '../store.ts';
import { useModelsHere } from './compare-models.ts';
import { PointerTools } from './map-tools.tsx';

/** What is done to all panes together. */
export function CompareBar() {
  const linked = useCompare((state) => state.linked);
  const listsOpen = useCompare((state) => state.listsOpen);
  const measures = useApp((state) => state.panel === 'measures');
  const full = useCompare((state) => state.panes.length >= MOST_PANES);
  return (
    <div className="compare-bar">
      <PointerTools />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is drawn as one, and takes no part in a row */}
      <div className="compare-presets" role="group" aria-label="Comparisons">
        <Button size="compact-sm" variant="default" onClick={() => showPreset('metrics')}>
          Four metrics
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => showPreset('projections')}>
          PCA, scaling and UMAP
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => showPreset('dimensions')}>
          2D and 3D
        </Button>
        <Menu withinPortal>
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="default"
              rightSection={<IconChevronDown size={14} />}
              aria-label="UMAP, several ways"
            >
              UMAP
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => showPreset('neighbors')}>UMAP: few and many neighbors</Menu.Item>
            <Menu.Item onClick={() => showPreset('seeds')}>UMAP: three seeds</Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <TwoModels />
      </div>
      <div className="tool-group" role="toolbar" aria-label="Panes">
        <Tool
          label={linked ? 'Panes move together' : 'Each pane moves alone'}
          name="Move panes together"
          pressed={linked}
          onClick={() => writeCompare({ linked: !linked })}
        >
          {linked ? <IconLink size={18} /> : <IconLinkOff size={18} />}
        </Tool>
        <Tool
          label="Nearest items side by side"
          name="Nearest items side by side"
          pressed={listsOpen}
          onClick={() => writeCompare({ listsOpen: !listsOpen })}
        >
          <IconListDetails size={18} />
        </Tool>
        <Tool
          label="How the panes agree, and how far to trust them (r)"
          name="Measures"
          pressed={measures}
          onClick={() => writeApp({ panel: measures ? 'details' : 'measures' })}
        >
          <IconReportAnalytics size={18} />
        </Tool>
        <Tool label="Add a pane" disabled={full} onClick={addPane}>
          <IconPlus size={18} />
        </Tool>
      </div>
      <EndButton className="compare-end" onClick={endCompare} />
    </div>
  );
}

function TwoModels() {
  const inUse = useApp((state) => state.modelId);
  const others = useModelsHere().filter(({ id, used }) => used && id !== inUse);
  const [first] = others;
  if (!first) return null;
  const button = (
    <Button
      size="compact-sm"
      variant="default"
      {...(others.length === 1 && { onClick: () => showModels(first.id) })}
    >
      Two models
    </Button>
  );
  if (others.length === 1) return button;
  return (
    <Menu withinPortal>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        {others.map(({ id }) => (
          <Menu.Item key={id} onClick={() => showModels(id)}>
            {modelName(id)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
