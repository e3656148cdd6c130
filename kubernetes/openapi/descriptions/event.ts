import { objectFields, type Descriptions } from './descriptions.ts';

/** What happened to objects. */
export const eventDescriptions: Descriptions = {
  'io.k8s.api.core.v1.Event': {
    '': 'Something that happened to an object, for people to read, such as why ECS stopped a task. It goes after an hour.',
    ...objectFields,
    action: 'What was done about it, as one word.',
    count: 'How many times it happened.',
    eventTime: 'When it first happened, to the microsecond.',
    firstTimestamp: 'When it first happened.',
    involvedObject: 'The object that it happened to.',
    lastTimestamp: 'When it last happened.',
    message: 'What happened, in a sentence.',
    reason: 'What happened, as one word, such as Scheduled or FailedCreate.',
    related: 'A second object that took part.',
    reportingComponent: 'Who says so.',
    reportingInstance: 'Which of those that bear that name.',
    series: 'That it goes on happening.',
    source: 'Who says so, in the older form.',
    type: 'Normal, or Warning when something may have to be done.',
  },
  'io.k8s.api.core.v1.EventSeries': {
    '': 'Something that goes on happening.',
    count: 'How many times it has happened.',
    lastObservedTime: 'When it last happened.',
  },
  'io.k8s.api.core.v1.EventSource': {
    '': 'Who reports an Event.',
    component: 'Name of the program.',
    host: 'Node that it runs on.',
  },
};
