import {
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import {
  admissionMessages,
  type AdmissionAnswer,
  type AdmissionEntryAnswer,
  type AdmissionLimits,
  type AdmissionRelease,
  type AdmissionRequest,
  type AdmissionStatus,
  type LimitsChange,
} from '../../contract/admission.ts';
import type { AdmissionBook } from './book.ts';
import { checkBusy, checkStorage, noteStorage, type Course } from './course.ts';
import { admissionDetails, shownInDetails } from './details.ts';
import { knownEnd } from './duties.ts';
import { checkLimitsChange } from './limits.ts';
import { checkList, faultOfRelease, faultOfRequest } from './lists.ts';

/** How long the answer to `setLimits` waits for the storage. The limits apply in any case and are stored later. */
const keptWithin = '5s';

const { requestAdmission, requestAdmissions, releaseAdmission, releaseAdmissions } =
  admissionMessages;

/** Sets the handlers of all messages of the admission. */
export function listen(book: AdmissionBook, course: Course): void {
  const publish = () => setCurrentDetails(detailsOf(book));
  const answer = (ask: AdmissionRequest) => {
    noteStorage(course, ask);
    course.decisions += 1;
    return book.ask(ask, Date.now());
  };
  listenForRequests(course, { answer, publish });
  listenForReleases(course, { book, publish });
  listenForLimits(course, { book, publish });
  setHandler(defineQuery<AdmissionStatus>(admissionMessages.admissionStatus), () =>
    book.status(Date.now()),
  );
  publish();
}

interface Answering {
  answer(ask: AdmissionRequest): AdmissionAnswer;
  publish(): void;
}

function listenForRequests(course: Course, { answer, publish }: Answering): void {
  setHandler(
    defineUpdate<AdmissionAnswer, [AdmissionRequest]>(requestAdmission),
    async (ask) => {
      await condition(() => course.areClaimsCounted);
      const answered = answer(ask);
      publish();
      return answered;
    },
    {
      validator: (ask) => {
        checkBusy(course);
        checkStorage(course, ask);
      },
    },
  );
  const answerEntry = (ask: AdmissionRequest): AdmissionEntryAnswer => {
    const message = faultOfRequest(ask, course);
    return message === null ? answer(ask) : { outcome: 'invalid', message };
  };
  setHandler(
    defineUpdate<AdmissionEntryAnswer[], [AdmissionRequest[]]>(requestAdmissions),
    async (asks) => {
      await condition(() => course.areClaimsCounted);
      const answers = asks.map(answerEntry);
      publish();
      return answers;
    },
    {
      validator: (asks) => {
        checkBusy(course);
        checkList(asks);
      },
    },
  );
}

interface Changing {
  book: AdmissionBook;
  publish(): void;
}

function listenForReleases(course: Course, { book, publish }: Changing): void {
  setHandler(defineSignal<[AdmissionRelease]>(releaseAdmission), (release) => {
    book.release(knownEnd(release), Date.now());
    publish();
  });
  setHandler(defineSignal<[AdmissionRelease[]]>(releaseAdmissions), (releases) => {
    // A signal cannot be rejected: what is no release is left out, and its slot is found by the check of the holders.
    for (const release of Array.isArray(releases) ? releases : []) {
      if (faultOfRelease(release) !== null) continue;
      course.decisions += 1;
      book.release(knownEnd(release), Date.now());
    }
    publish();
  });
}

function listenForLimits(course: Course, { book, publish }: Changing): void {
  setHandler(
    defineUpdate<AdmissionLimits, [LimitsChange]>(admissionMessages.setLimits),
    async (change) => {
      await condition(() => course.areLimitsLoaded);
      course.decisions += 1;
      const limits = book.setLimits(change, Date.now());
      publish();
      await condition(() => course.keptLimits === book.limits(), keptWithin);
      return limits;
    },
    { validator: (change) => checkLimitsChange(book.limits(), change) },
  );
}

function detailsOf(book: AdmissionBook): string {
  const slotsTaken = book.slotsTaken();
  return admissionDetails({ ...book.status(Date.now(), shownInDetails), slotsTaken });
}
