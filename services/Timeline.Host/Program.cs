using System.CommandLine;
using System.CommandLine.Invocation;
using Timeline.Host.Commands;

// One command, one process: `serve` owns a data folder; every other command speaks to the service that does, or is it for as long as it lasts.
var timeline = new RootCommand("Timeline: a ledger of who did what to whom, when, and according to whom; and a reading of how far things have escalated.")
{
    GivenOptions.Data,
    GivenOptions.Server,
    GivenOptions.TokenFile,
    GivenOptions.Json,

    // Writes the log.
    ServeCommand.Make(),
    AppendCommand.Make(),
    ImportCommand.Make(),
    LogCommand.Make(),

    // Writes the tokens file.
    TokenCommand.Make(),

    // Writes nothing.
    ReadCommands.Countries(),
    ReadCommands.Country(),
    ReadCommands.Stance(),
    ReadCommands.Dyad(),
    TheatreCommands.Make(),
    ReadCommands.Events(),
    ReadCommands.Event(),
    ReadCommands.Explain(),
    ReadCommands.Status(),
    ParkedCommands.Make(),
    SetAsideCommands.Make(),
    ReadCommands.Digests(),
    ChangesCommands.Snapshot(),
    ChangesCommands.Changes(),
    MappingCommand.Make(),
    MethodologyCommands.Make(),
    DoctorCommand.Make(),
    DoctorCommand.Version(),
};

var parsed = timeline.Parse(args);
if (parsed.Action is ParseErrorAction error)
{
    error.ShowHelp = args.Length == 0;
}

var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1), EnableDefaultExceptionHandler = false });

// The library says 1 for what it can't parse; here 1 is an answer.
return parsed.Errors.Count > 0 ? ExitCodes.BadInput : code;
