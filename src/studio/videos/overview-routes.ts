import type { Context } from 'hono';
import { inLanguage } from '../texts/in-language.ts';
import { overviewTexts } from '../texts/videos.ts';
import type { Region } from '../page/live-page.ts';
import type { StudioEnv, StudioPorts } from '../ports.ts';
import type { AddPages } from '../studio-app.ts';
import { filterForm } from './filter-form.ts';
import { filterOf, groupNames, readListFields, type ListFields } from './list-filter.ts';
import { emptyHtml, groupHtml, listHtml, type ListView } from './overview.ts';
import { groups, readStatusPage, type GroupName } from './read-list.ts';

/** Number of videos that each part of the overview shows. */
const limits: Readonly<Record<GroupName, number>> = { decide: 20, open: 24, stored: 24, ended: 8 };
const pageLimit = 48;
const usualMs = 2_000;
/** A search for a tag reads thousands of runs. */
const searchedMs = 30_000;

/** The page of all videos: what needs a decision, what is under way, what is done, what has failed. */
export const overviewPages: AddPages = (_app, { ports, livePage }) => {
  livePage('/', async (context) => {
    const fields = readListFields(context.req.query());
    const isOneList = fields.phase !== undefined || fields.before !== undefined;
    const regions = isOneList
      ? await listRegions(context, ports, fields)
      : await groupRegions(context, ports, fields);
    const { title } = inLanguage(overviewTexts, context.get('lang'));
    const everyMs = fields.tag === undefined ? usualMs : searchedMs;
    return { title, section: 'videos', regions, everyMs };
  });
};

async function groupRegions(
  context: Context<StudioEnv>,
  ports: StudioPorts,
  fields: ListFields,
): Promise<Region[]> {
  const view = viewOf(context, ports, fields);
  const pages = await Promise.all(
    groupNames.map(async (name) => {
      const filter = { ...filterOf(fields, limits[name]), phases: groups[name] };
      return { name, page: await readStatusPage(ports, filter) };
    }),
  );
  const all = pages.flatMap(({ page }) => page.videos);
  const isEmpty = all.length === 0 && pages.every(({ page }) => page.before === undefined);
  const isFiltered = Object.keys(fields).length > 0;
  const models = all.map(({ row }) => row.model);
  return [
    { id: 'filters', html: filterForm(fields, { lang: view.lang, models: distinct(models) }) },
    ...pages.map(({ name, page }) => ({ id: name, html: groupHtml(name, page, view) })),
    { id: 'empty', html: isEmpty ? emptyOf(isFiltered, view) : [] },
  ];
}

function emptyOf(isFiltered: boolean, view: ListView) {
  return isFiltered ? listHtml({ videos: [] }, view) : emptyHtml(view);
}

async function listRegions(
  context: Context<StudioEnv>,
  ports: StudioPorts,
  fields: ListFields,
): Promise<Region[]> {
  const view = viewOf(context, ports, fields);
  const page = await readStatusPage(ports, filterOf(fields, pageLimit));
  const models = distinct(page.videos.map(({ row }) => row.model));
  return [
    { id: 'filters', html: filterForm(fields, { lang: view.lang, models }) },
    { id: 'videos', html: listHtml(page, view) },
  ];
}

function viewOf(context: Context<StudioEnv>, ports: StudioPorts, fields: ListFields): ListView {
  return { fields, lang: context.get('lang'), now: ports.now() };
}

function distinct(models: readonly (string | undefined)[]): string[] {
  return [...new Set(models.filter((model) => model !== undefined))].toSorted();
}
