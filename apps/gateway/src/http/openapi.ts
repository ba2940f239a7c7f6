import { applyDecorators, type INestApplication } from '@nestjs/common';
import {
  ApiBody,
  ApiOperation,
  ApiResponse,
  DocumentBuilder,
  SwaggerModule,
  type OpenAPIObject,
} from '@nestjs/swagger';
import { z } from 'zod';
import { WIRE_SCHEMAS } from '@rollcall/dialects';

type SchemaName = keyof typeof WIRE_SCHEMAS;
type SchemaObject = NonNullable<OpenAPIObject['components']>['schemas'] extends infer S | undefined
  ? S extends Record<string, infer V>
    ? V
    : never
  : never;

const reference = (name: SchemaName): { $ref: string } => ({
  $ref: `#/components/schemas/${name}`,
});

/** Puts a route's body and answers into the API documentation, from the very schemas that check them. */
export function DocumentedBody(
  dialect: 'native' | 'kamaji',
  body: SchemaName,
  summary: string,
): MethodDecorator {
  const one = reference(body);
  const schema = dialect === 'native' ? { oneOf: [one, { type: 'array', items: one }] } : one;
  return applyDecorators(
    ApiOperation({ summary }),
    ApiBody({ schema }),
    dialect === 'native'
      ? ApiResponse({ status: 200, description: 'Durable', schema: reference('NativeAnswer') })
      : ApiResponse({ status: 200, description: 'Durable; the body is empty' }),
    ...[400, 404, 413, 503].map((status) =>
      ApiResponse({
        status,
        description: 'Problem details with a stable code',
        content: { 'application/problem+json': { schema: reference('Problem') } },
      }),
    ),
  );
}

function componentSchemas(): Record<string, SchemaObject> {
  const schemas = Object.entries(WIRE_SCHEMAS).map(([name, schema]) => {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
    return [name, rest as SchemaObject] as const;
  });
  return Object.fromEntries(schemas);
}

/** Serves `/docs` and `/docs-json`. */
export function setUpDocs(app: INestApplication): void {
  const info = new DocumentBuilder()
    .setTitle('Rollcall gateway')
    .setDescription(
      'Where clients send telemetry. A body is stored when, and only when, the answer is 200.',
    )
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .build();
  SwaggerModule.setup('docs', app, () => {
    const document = SwaggerModule.createDocument(app, info);
    return { ...document, components: { ...document.components, schemas: componentSchemas() } };
  });
}
