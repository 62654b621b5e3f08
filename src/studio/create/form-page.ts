import { html } from 'hono/html';
import { modelFacts, type ModelFacts } from '../../contract/models/model-facts.ts';
import type { PriceBook } from '../../contract/price/price-book.ts';
import type { Html } from '../page/layout.ts';
import {
  controlAttributes,
  formField,
  hiddenFields,
  selectField,
  textField,
  type Choice,
  type Described,
} from '../components/form-field.ts';
import type { createTexts } from '../texts/create.ts';
import type { TextsOf } from '../texts/in-language.ts';
import { priceText } from './model-page.ts';
import { imageRoles, storedImages, type FieldFault, type GivenFields } from './video-fields.ts';

type Texts = TextsOf<typeof createTexts>;

interface Shown {
  given: GivenFields;
  faults: readonly FieldFault[];
  book: PriceBook;
  texts: Texts;
}

/** The form of a video, with what the chosen model can make. */
export function formPage({ given, faults, book, texts }: Shown): Html {
  const facts = modelFacts(given.model, { book, listed: null });
  const faultOf = (name: FieldFault['field']) =>
    faults.find(({ field: at }) => at === name)?.message;
  return html`${faults.length === 0 ? '' : faultList(faults, texts)}
    <form class="card" method="post" action="/studio/new/quote" enctype="multipart/form-data">
      <p class="row spread">
        <span
          ><strong>${given.model}</strong> ·
          ${facts ? priceText(facts, texts) : texts.noPrice}</span
        >
        <a href="/studio/new">${texts.changeModel}</a>
      </p>
      ${facts ? '' : html`<p class="soft">${texts.notInCatalogue}</p>`}
      ${hiddenFields({ model: given.model, nonce: given.nonce })}
      ${formField(
        {
          name: 'prompt',
          label: texts.prompt,
          hint: texts.promptHint,
          fault: faultOf('prompt'),
        },
        (described) => textArea(described, given.prompt),
      )}
      <div class="fields">${choices({ given, facts, texts, faultOf })}</div>
      ${facts?.media.images === 0 ? '' : imageFields({ given, texts, faultOf })}
      ${moreFields({ given, texts, faultOf })}
      <p class="row">
        <button class="main">${texts.quote}</button> <span class="soft">${texts.free}</span>
      </p>
    </form>`;
}

/** Takes the focus, so that a screen reader says it first. */
function faultList(faults: readonly FieldFault[], texts: Texts): Html {
  return html`<div class="notice bad" role="alert" tabindex="-1" data-autofocus>
    <p><strong>${texts.faults}</strong></p>
    <ul>
      ${faults.map(({ field: name, message }) => html`<li><a href="#${name}">${message}</a></li>`)}
    </ul>
  </div>`;
}

interface Part {
  given: GivenFields;
  texts: Texts;
  faultOf: (name: FieldFault['field']) => string | undefined;
}

function choices({
  given,
  facts,
  texts,
  faultOf,
}: Part & { facts: ModelFacts | undefined }): Html[] {
  return [
    lengthField({ given, facts, texts, faultOf }),
    ...(['resolution', 'ratio'] as const).map((name) => {
      const { values, default: preferred } = facts?.[name] ?? { values: [], default: null };
      const options = values.map((value): Choice => [value, value]);
      return valueField({ name, options, preferred, given, texts, faultOf });
    }),
    selectField(
      { name: 'audio', label: texts.audio, fault: faultOf('audio') },
      {
        value: given.audio,
        options: [
          ['', texts.byDefault],
          ['on', texts.on],
          ['off', texts.off],
        ],
      },
    ),
  ];
}

function lengthField({
  given,
  facts,
  texts,
  faultOf,
}: Part & { facts: ModelFacts | undefined }): Html {
  const { values = [], from = null, to = null, default: preferred = null } = facts?.seconds ?? {};
  const shown =
    preferred === 'auto' ? texts.vendorChooses : preferred === null ? null : String(preferred);
  if (values.length > 0) {
    const options = values.map((value): Choice => [String(value), String(value)]);
    return valueField({ name: 'seconds', options, preferred: shown, given, texts, faultOf });
  }
  const range = `${from ?? 1}–${to ?? '?'}`;
  const hint = shown === null ? range : `${range} · ${texts.defaultIs(shown)}`;
  return textField(
    { name: 'seconds', label: texts.seconds, hint, fault: faultOf('seconds') },
    { value: given.seconds, inputMode: 'numeric' },
  );
}

/** A choice, or free text if the values of the model are not known. */
function valueField({
  name,
  options,
  preferred,
  given,
  texts,
  faultOf,
}: Part & {
  name: 'seconds' | 'resolution' | 'ratio';
  options: readonly Choice[];
  preferred: string | null;
}): Html {
  const hint = preferred === null ? undefined : texts.defaultIs(preferred);
  const shown = { name, label: texts[name], hint, fault: faultOf(name) };
  const value = given[name];
  if (options.length === 0) return textField(shown, { value });
  return selectField(shown, { value, options: [['', texts.byDefault], ...options] });
}

function imageFields({ given, texts, faultOf }: Part): Html {
  const roles = {
    auto: texts.roleAuto,
    first: texts.roleFirst,
    firstLast: texts.roleFirstLast,
    reference: texts.roleReference,
  };
  return html`${keptImages(given, texts)}
    <div class="fields">
      ${formField(
        {
          name: 'images',
          label: texts.images,
          hint: texts.imagesHint,
          fault: faultOf('images'),
        },
        (described) =>
          html`<input
            ${controlAttributes(described)}
            type="file"
            multiple
            accept="image/png,image/jpeg,image/webp"
          />`,
      )}
      ${formField(
        {
          name: 'imageUrls',
          label: texts.imageUrls,
          hint: texts.imageUrlsHint,
          fault: faultOf('imageUrls'),
        },
        (described) => textArea(described, given.imageUrls, 'short'),
      )}
      ${selectField(
        { name: 'imageRole', label: texts.imageRole },
        { value: given.imageRole, options: imageRoles.map((role): Choice => [role, roles[role]]) },
      )}
    </div>`;
}

/** Pictures of the form as it was sent before: a browser does not fill in files again. */
function keptImages(given: GivenFields, texts: Texts): Html | string {
  const kept = storedImages(given);
  if (kept.length === 0) return '';
  return html`<label class="choice"
    ><input type="checkbox" name="stored" value="${kept.join(',')}" checked />
    ${texts.uploaded(String(kept.length))}</label
  >`;
}

function moreFields({ given, texts, faultOf }: Part): Html {
  const isOpen = [given.name, given.tags, given.metadata].some((value) => value !== '');
  const line = (name: 'name' | 'tags', hint: string) =>
    textField({ name, label: texts[name], hint, fault: faultOf(name) }, { value: given[name] });
  return html`<details ${isOpen ? html`open` : ''}>
    <summary>${texts.more}</summary>
    ${line('name', texts.nameHint)} ${line('tags', texts.tagsHint)}
    ${formField(
      {
        name: 'metadata',
        label: texts.fields,
        hint: texts.fieldsHint,
        fault: faultOf('metadata'),
      },
      (described) => textArea(described, given.metadata, 'short'),
    )}
  </details>`;
}

/** HTML drops a line break at the start of the text, so one is written there. */
function textArea(described: Described, text: string, size = ''): Html {
  return html`<textarea ${controlAttributes(described)} class="${size}">${`\n${text}`}</textarea>`;
}
