import type {
  CreateServiceCommandInput,
  RegisterTaskDefinitionCommandInput,
  RunTaskCommandInput,
} from '@aws-sdk/client-ecs';
import { expectTypeOf, test } from 'vitest';
import type { EcsServicePlan, RunTaskPlan, TaskDefinitionPlan } from '../../translate/plan.ts';

/** Every member of a plan is one of the SDK's input: assignability alone would let others pass. */
type Surplus<Plan, Input> = Exclude<keyof Plan, keyof Input>;

test('plans are inputs of the SDK without a cast', () => {
  expectTypeOf<TaskDefinitionPlan>().toExtend<RegisterTaskDefinitionCommandInput>();
  expectTypeOf<Surplus<TaskDefinitionPlan, RegisterTaskDefinitionCommandInput>>().toBeNever();
  expectTypeOf<EcsServicePlan>().toExtend<CreateServiceCommandInput>();
  expectTypeOf<Surplus<EcsServicePlan, CreateServiceCommandInput>>().toBeNever();
  expectTypeOf<RunTaskPlan>().toExtend<RunTaskCommandInput>();
  expectTypeOf<Surplus<RunTaskPlan, RunTaskCommandInput>>().toBeNever();
});

test('containers are container definitions of the SDK, member by member', () => {
  type Container = TaskDefinitionPlan['containerDefinitions'][number];
  type SdkContainer = NonNullable<RegisterTaskDefinitionCommandInput['containerDefinitions']>[number];
  expectTypeOf<Container>().toExtend<SdkContainer>();
  expectTypeOf<Surplus<Container, SdkContainer>>().toBeNever();
  expectTypeOf<Surplus<NonNullable<Container['healthCheck']>, NonNullable<SdkContainer['healthCheck']>>>().toBeNever();
  expectTypeOf<
    Surplus<NonNullable<Container['linuxParameters']>, NonNullable<SdkContainer['linuxParameters']>>
  >().toBeNever();
});
