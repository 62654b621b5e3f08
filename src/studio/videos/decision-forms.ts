import { html } from 'hono/html';
import type { ResolveSubmission, UnresolvedSubmit } from '../../contract/messages.ts';
import { controlAttributes, formField, hiddenFields } from '../components/form-field.ts';
import type { Html } from '../page/layout.ts';
import { decisionTexts } from '../texts/decisions.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { confirmationWord, elementId } from './short-id.ts';
import { decisionPath } from './video-paths.ts';

/** A form that was sent, and why nothing was done. */
export interface RefusedForm {
  action: string;
  fault: string;
  fields: URLSearchParams;
}

interface FormView {
  lang: Lang;
  refused?: RefusedForm | undefined;
}

/** The submit that a form decides about. */
interface Submit {
  videoId: string;
  unresolved: UnresolvedSubmit;
}

/** The three decisions about a submit with an unknown outcome, each with what it costs. */
export function decisionForms(submit: Submit, view: FormView): Html {
  const texts = inLanguage(decisionTexts, view.lang);
  return html`${adoptForm(submit, view)}
    <div class="columns even">
      ${typedForm(submit, {
        ...view,
        action: 'resubmit',
        title: texts.resubmit,
        cost: texts.resubmitCost,
        button: texts.resubmitNow,
      })}
      ${typedForm(submit, {
        ...view,
        action: 'abandon',
        title: texts.abandon,
        cost: texts.abandonCost,
        button: texts.abandonNow,
      })}
    </div>`;
}

/** The id contains the submit, so that what was typed is not kept on the page for a later submit. */
function formId({ unresolved }: Submit, action: string): string {
  return `${action}-${Date.parse(unresolved.since)}`;
}

function adoptForm(submit: Submit, { lang, refused }: FormView): Html {
  const { videoId } = submit;
  const texts = inLanguage(decisionTexts, lang);
  const fields = refused?.action === 'adopt' ? refused.fields : undefined;
  const id = formId(submit, 'adopt');
  const fault = fields && refused?.fault;
  const chosen = fields?.get('candidate') ?? null;
  const isOfChoice =
    !fields?.get('job') && submit.unresolved.candidates.some((jobId) => jobId === chosen);
  return html`<form class="card" method="post" action="${decisionPath(videoId)}" id="${id}">
    <h2>${texts.adopt}</h2>
    <p>${texts.adoptCost}</p>
    ${hiddenFields({ action: 'adopt', since: submit.unresolved.since })}
    ${candidateFields(submit, { id, chosen, fault: isOfChoice ? fault : undefined, lang })}
    ${formField(
      {
        name: 'job',
        id: `${id}-job`,
        label: texts.otherJob,
        hint: texts.otherJobHint,
        fault: isOfChoice ? undefined : fault,
      },
      (described) =>
        html`<input
          ${controlAttributes(described)}
          value="${fields?.get('job') ?? ''}"
          autocomplete="off"
          spellcheck="false"
          ${described.isInvalid ? 'data-autofocus' : ''}
        />`,
    )}
    <button class="main">${texts.adoptNow}</button>
  </form>`;
}

interface Candidates {
  /** Of the form. */
  id: string;
  chosen: string | null;
  fault: string | undefined;
  lang: Lang;
}

/** The ids are of the jobs, because a live page must not put the label of another job at a chosen button. */
function candidateFields({ unresolved: { candidates } }: Submit, shown: Candidates): Html {
  const { id, chosen, fault, lang } = shown;
  const texts = inLanguage(decisionTexts, lang);
  if (candidates.length === 0) return html`<p class="soft">${texts.noCandidate}</p>`;
  const described = fault === undefined ? '' : html`aria-describedby="${id}-choice-fault"`;
  const choices = candidates.map((jobId) => {
    const choice = `${id}-${elementId(jobId)}`;
    return html`<label class="choice" id="${choice}-label" for="${choice}"
      ><input
        type="radio"
        id="${choice}"
        name="candidate"
        value="${jobId}"
        ${chosen === jobId ? html`checked ${fault === undefined ? '' : 'data-autofocus'}` : ''}
      /><code>${jobId}</code></label
    >`;
  });
  return html`<fieldset ${described}>
    <legend>${texts.candidates}</legend>
    ${choices}
    ${fault === undefined ? '' : html`<p class="fault" id="${id}-choice-fault">${fault}</p>`}
  </fieldset>`;
}

interface TypedForm extends FormView {
  action: Exclude<ResolveSubmission['action'], 'adopt'>;
  title: string;
  cost: string;
  button: string;
}

/** A decision that may cost money is confirmed by typing. */
function typedForm(submit: Submit, form: TypedForm): Html {
  const { videoId, unresolved } = submit;
  const { action, title, cost, button, lang, refused } = form;
  const texts = inLanguage(decisionTexts, lang);
  const id = formId(submit, action);
  const label = html`${texts.typeBefore}
    <code>${confirmationWord(videoId)}</code> ${texts.typeAfter}`;
  const fault = refused?.action === action ? refused.fault : undefined;
  return html`<form class="card" method="post" action="${decisionPath(videoId)}" id="${id}">
    <h2>${title}</h2>
    <p>${cost}</p>
    ${hiddenFields({ action, since: unresolved.since })}
    ${formField(
      { name: 'word', id: `${id}-word`, label, fault },
      (described) =>
        html`<input
          ${controlAttributes(described)}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          ${described.isInvalid ? 'data-autofocus' : ''}
        />`,
    )}
    <button class="danger">${button}</button>
  </form>`;
}
