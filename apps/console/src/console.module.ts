import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Registry } from 'prom-client';
import type { Catalogue } from '@rollcall/catalogue';
import {
  createClickHouse,
  QueryBox,
  toClickHouseSettings,
  type ClickHouse,
} from '@rollcall/clickhouse';
import type { Log } from '@rollcall/pipeline';
import {
  AdminToken,
  HealthModule,
  MetricsModule,
  type Readiness,
  type Secret,
} from '@rollcall/service-kit';
import type { ConsoleConfig } from './console.config.ts';
import { CONSOLE_CONFIG } from './console.tokens.ts';
import { Figures } from './figures/figures.service.ts';
import { PagesController } from './http/pages.controller.ts';
import { WebFiles } from './http/web-files.ts';
import { CatalogueController } from './operate/catalogue.controller.ts';
import { CatalogueService } from './operate/catalogue.service.ts';
import { ErasuresService } from './operate/erasures.service.ts';
import { OperateController } from './operate/operate.controller.ts';
import { PipelineService } from './operate/pipeline.service.ts';
import { RejectionsController } from './operate/rejections.controller.ts';
import { RejectionsService } from './operate/rejections.service.ts';
import { ReplaysService } from './operate/replays.service.ts';
import { SessionController } from './operate/session.controller.ts';
import { Sessions } from './operate/sessions.ts';
import { OverviewController } from './public/overview.controller.ts';
import { OverviewService } from './public/overview.service.ts';
import { PublicController } from './public/public.controller.ts';

/** What the console is made of, chosen in one place. */
export interface ConsoleParts {
  readonly config: ConsoleConfig;
  readonly registry: Registry;
  readonly clickhouse: ClickHouse;
  /** Logged in as who reads receipts, where the console has that login. */
  readonly receipts: ClickHouse | undefined;
  readonly queryBox: QueryBox;
  readonly figures: Figures;
  readonly overview: OverviewService;
  readonly pipeline: PipelineService;
  readonly rejections: RejectionsService;
  readonly replays: ReplaysService;
  readonly catalogue: CatalogueService;
  readonly erasures: ErasuresService;
  readonly sessions: Sessions;
  /** What operators show; undefined where nobody can sign in. */
  readonly adminToken: AdminToken | undefined;
  readonly web: WebFiles;
}

export interface ConsoleNeeds {
  readonly catalogue: Catalogue;
  readonly registry: Registry;
  readonly log: Log;
  /** What operators sign in with, and what the console asks the anonymizer with on their behalf. */
  readonly adminToken: Secret | undefined;
  /** Folder of the built pages. */
  readonly webDir: string;
}

function receiptsClient(config: ConsoleConfig): ClickHouse | undefined {
  const password = config.CONSOLE_RECEIPTS_PASSWORD?.reveal();
  if (password === undefined) return undefined;
  const username = config.CONSOLE_RECEIPTS_USER;
  return createClickHouse(toClickHouseSettings(config, { username, password }));
}

/** Builds the parts; nothing is asked for yet. @throws CFG_INVALID when the pages are not built. */
export function buildConsole(
  config: ConsoleConfig,
  { catalogue, registry, log, adminToken, webDir }: ConsoleNeeds,
): ConsoleParts {
  const settings = toClickHouseSettings(config, {
    username: config.CLICKHOUSE_USER,
    password: config.CLICKHOUSE_PASSWORD.reveal(),
  });
  const clickhouse = createClickHouse(settings);
  const receipts = receiptsClient(config);
  const clock = Date.now;
  const token = adminToken && new AdminToken(adminToken.reveal());
  const ports = { catalogue, clickhouse, clock, log };
  return {
    config,
    registry,
    clickhouse,
    receipts,
    queryBox: new QueryBox(settings),
    figures: new Figures({ ...ports, refreshMs: config.CONSOLE_REFRESH_MS }),
    overview: new OverviewService({ ...ports, project: config.CONSOLE_OVERVIEW_PROJECT }),
    pipeline: new PipelineService({
      clock,
      token: adminToken,
      urls: {
        gateway: config.CONSOLE_GATEWAY_URL,
        anonymizer: config.CONSOLE_ANONYMIZER_URL,
        sink: config.CONSOLE_SINK_URL,
      },
    }),
    rejections: new RejectionsService(clickhouse),
    catalogue: new CatalogueService(clickhouse),
    erasures: new ErasuresService(receipts),
    replays: new ReplaysService({
      clickhouse,
      clock,
      anonymizerUrl: config.CONSOLE_ANONYMIZER_URL,
      token: adminToken,
    }),
    sessions: new Sessions(token, clock),
    adminToken: token,
    web: new WebFiles(webDir),
  };
}

/** The console shows its pages while ClickHouse is away, and says on them what is missing: it is ready all the same. */
function readiness({ clickhouse }: ConsoleParts): Readiness {
  let note: string | undefined;
  return {
    name: 'clickhouse',
    check: async () => {
      const outcome = await clickhouse.ping();
      note = outcome.kind === 'ok' ? undefined : 'ClickHouse is away: figures are old or missing';
      return undefined;
    },
    note: () => note,
  };
}

class ClientsCloser implements OnApplicationShutdown {
  constructor(private readonly parts: ConsoleParts) {}

  async onApplicationShutdown(): Promise<void> {
    const { clickhouse, receipts, queryBox } = this.parts;
    await Promise.all([clickhouse.close(), receipts?.close(), queryBox.close()]);
  }
}

@Module({})
export class ConsoleModule {
  static of(parts: ConsoleParts): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [
        HealthModule.of({ inject: [], readiness: () => [readiness(parts)] }),
        MetricsModule.over(parts.registry),
      ],
      controllers: [
        PublicController,
        OverviewController,
        SessionController,
        OperateController,
        RejectionsController,
        CatalogueController,
        PagesController,
      ],
      providers: [
        { provide: CONSOLE_CONFIG, useValue: parts.config },
        { provide: Figures, useValue: parts.figures },
        { provide: OverviewService, useValue: parts.overview },
        { provide: PipelineService, useValue: parts.pipeline },
        { provide: RejectionsService, useValue: parts.rejections },
        { provide: CatalogueService, useValue: parts.catalogue },
        { provide: ReplaysService, useValue: parts.replays },
        { provide: ErasuresService, useValue: parts.erasures },
        { provide: Sessions, useValue: parts.sessions },
        { provide: QueryBox, useValue: parts.queryBox },
        { provide: WebFiles, useValue: parts.web },
        { provide: ClientsCloser, useFactory: () => new ClientsCloser(parts) },
      ],
    };
  }
}
