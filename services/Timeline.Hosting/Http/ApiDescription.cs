using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;

namespace Timeline.Hosting.Http;

/// <summary><c>/openapi/v1.json</c>: what the code can't say by its signatures.</summary>
internal static class ApiDescription
{
    private const string About =
        "A ledger of who did what to whom, when, and according to whom, for states in crisis; and, folded from that ledger alone, a reading of where every " +
        "country stands and how far things have escalated. Errors are problem details (RFC 9457) that name the field; every limit stands in the refusal.";

    private const string SchemeName = "token";

    private static readonly Dictionary<string, string> PathParameters = new(StringComparer.Ordinal)
    {
        ["iso"] = "ISO 3166-1 alpha-3, such as RUS, or the id of a registered organisation, such as NATO.",
        ["a"] = "The first subject, as in /v1/countries/{iso}.",
        ["name"] = "The name of the theatre, such as black-sea, or of the methodology, such as v1.",
        ["from"] = "The name of a methodology, such as v1.",
        ["to"] = "The name of the other.",
        ["b"] = "The second subject.",
        ["feed"] = "gdelt, ucdp, icews; or csv, with a mapping.",
        ["id"] = "The event's id. The id of a feed's row is {feed}-{sha256}/{row}.",
    };

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Timeline",
                Version = "v1",
                Description = About,
                License = new OpenApiLicense { Name = "MIT" },
            };
            document.Servers?.Clear();
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [SchemeName] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "A token of timeline token new, where the service runs with a tokens file. Without one it is reached from its own machine alone, and takes no tokens.",
                },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            {
                if (parameter.In == ParameterLocation.Path && PathParameters.TryGetValue(parameter.Name ?? "", out var description))
                {
                    parameter.Description = description;
                }
            }

            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<NeedsRole>().LastOrDefault() is { Role: not Roles.None } needs)
            {
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SchemeName, context.Document)] = [RoleWords.Of(needs.Role)] }];
                operation.Description += $" Needs the role {RoleWords.Of(needs.Role)}, where tokens are in use.";
            }

            foreach (var takes in context.Description.ActionDescriptor.EndpointMetadata.OfType<TakesParameters>())
            {
                operation.Parameters ??= [];
                foreach (var parameter in takes.Parameters)
                {
                    operation.Parameters.Add(Describe(parameter));
                }
            }

            if (operation.Responses?.TryGetValue("503", out var unready) == true && unready is OpenApiResponse response)
            {
                response.Headers ??= new Dictionary<string, IOpenApiHeader>();
                response.Headers["Retry-After"] = new OpenApiHeader { Description = "Seconds.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } };
            }

            return Task.CompletedTask;
        });
    }

    private static OpenApiParameter Describe(ParameterDoc p) => new()
    {
        Name = p.Name,
        In = ParameterLocation.Query,
        Description = p.Description,
        Required = p.Required,
        Example = p.Example is null ? null : JsonValue.Create(p.Example),
        Schema = new OpenApiSchema
        {
            Type = p.Integer ? JsonSchemaType.Integer : JsonSchemaType.String,
            Format = p.Integer ? "int32" : p.Format,
            Pattern = p.Pattern,
            Minimum = p.Minimum?.ToString(CultureInfo.InvariantCulture),
            Maximum = p.Maximum?.ToString(CultureInfo.InvariantCulture),
            Default = p.Default is null ? null : p.Integer ? JsonValue.Create(int.Parse(p.Default, CultureInfo.InvariantCulture)) : JsonValue.Create(p.Default),
        },
    };
}
