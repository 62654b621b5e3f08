import { html } from 'hono/html';
import { videoPhases } from '../../contract/messages.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { phaseTexts } from '../texts/phases.ts';
import { overviewTexts } from '../texts/videos.ts';
import { groupNames, type ListFields } from './list-filter.ts';

/** The form that filters the overview. @param models Suggestions. */
export function filterForm(
  fields: ListFields,
  { lang, models }: { lang: Lang; models: readonly string[] },
): Html {
  const texts = inLanguage(overviewTexts, lang);
  const phaseNames = inLanguage(phaseTexts, lang);
  const isFiltered = Object.keys(fields).length > 0;
  return html`<form class="filters" method="get" action="/studio" aria-label="${texts.filters}">
    <div>
      <label for="filter-phase">${texts.phase}</label>
      <select id="filter-phase" name="phase" data-submits>
        <option value="">${texts.anyPhase}</option>
        <optgroup label="${texts.parts}">
          ${groupNames.map((name) => option(name, texts[name], fields.phase))}
        </optgroup>
        <optgroup label="${texts.phases}">
          ${videoPhases.map((name) => option(name, phaseNames[name], fields.phase))}
        </optgroup>
      </select>
    </div>
    ${input('model', texts.model, fields.model)}
    <datalist id="filter-models">
      ${models.map((model) => html`<option value="${model}"></option>`)}
    </datalist>
    ${input('tag', texts.tag, fields.tag)} ${input('tenant', texts.tenant, fields.tenant)}
    <button>${texts.filter}</button>
    ${isFiltered ? html`<a class="button" href="/studio">${texts.clear}</a>` : ''}
  </form>`;
}

function option(value: string, label: string, chosen: string | undefined): Html {
  return html`<option value="${value}" ${value === chosen ? 'selected' : ''}>${label}</option>`;
}

function input(name: 'model' | 'tag' | 'tenant', label: string, value = ''): Html {
  const list = name === 'model' ? html`list="filter-models"` : '';
  return html`<div>
    <label for="filter-${name}">${label}</label>
    <input id="filter-${name}" name="${name}" value="${value}" autocomplete="off" ${list} />
  </div>`;
}
