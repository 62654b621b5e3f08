import type { CommandEntry } from '../context.ts';

/** `onetake schedule …`, in the order of the help. */
export const scheduleCommands: Readonly<Record<string, CommandEntry>> = {
  create: {
    summary: 'start a batch again and again; the same name again changes it',
    load: async () => (await import('./create.ts')).configureScheduleCreate,
  },
  list: {
    summary: 'list schedules',
    load: async () => (await import('./list.ts')).configureScheduleList,
  },
  show: {
    summary: 'say when a schedule fires, and what it did',
    load: async () => (await import('./list.ts')).configureScheduleShow,
  },
  pause: {
    summary: 'fire no more for now',
    load: async () => (await import('./act.ts')).configureSchedulePause,
  },
  resume: {
    summary: 'fire again',
    load: async () => (await import('./act.ts')).configureScheduleResume,
  },
  trigger: {
    summary: 'fire once, now',
    load: async () => (await import('./act.ts')).configureScheduleTrigger,
  },
  backfill: {
    summary: 'fire for times that have passed',
    load: async () => (await import('./act.ts')).configureScheduleBackfill,
  },
  delete: {
    summary: 'remove a schedule; batches under way go on',
    load: async () => (await import('./act.ts')).configureScheduleDelete,
  },
};
