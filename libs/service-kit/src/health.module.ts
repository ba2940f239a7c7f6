import {
  Controller,
  Get,
  Inject,
  Module,
  type DynamicModule,
  type InjectionToken,
  type Type,
} from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckService,
  TerminusModule,
  type HealthCheckResult,
} from '@nestjs/terminus';

/** One reason to be ready or not. `detail` is for people and holds no data. */
export interface Readiness {
  readonly name: string;
  /** Resolves to undefined when all is well, else to what is missing. Must answer within a few seconds. */
  readonly check: () => Promise<string | undefined> | string | undefined;
  /** What is worth knowing although all is well: work goes on another way. */
  readonly note?: () => string | undefined;
}

const READINESS = Symbol('readiness');

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    @Inject(READINESS) private readonly readiness: readonly Readiness[],
  ) {}

  /** The process answers. Says nothing about what it stands on: a restart would not help there. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 when the service can do its work now, else 503 with what is missing. */
  @Get('ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.health.check(
      this.readiness.map(({ name, check, note }) => async () => {
        const missing = await check();
        if (missing !== undefined) return { [name]: { status: 'down', detail: missing } };
        const detail = note?.();
        return { [name]: { status: 'up', ...(detail !== undefined && { detail }) } };
      }),
    );
  }
}

/** `GET /health/live` and `GET /health/ready`. */
@Module({})
export class HealthModule {
  static of(options: {
    imports?: NonNullable<DynamicModule['imports']>;
    inject: InjectionToken[];
    readiness: (...injected: never[]) => readonly Readiness[];
  }): DynamicModule {
    return {
      module: HealthModule as Type,
      imports: [
        TerminusModule.forRoot({ logger: false, gracefulShutdownTimeoutMs: 0 }),
        ...(options.imports ?? []),
      ],
      controllers: [HealthController],
      providers: [
        {
          provide: READINESS,
          inject: options.inject,
          useFactory: options.readiness as (...injected: unknown[]) => readonly Readiness[],
        },
      ],
    };
  }
}
