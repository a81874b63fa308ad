using System.Reflection;
using System.Runtime.CompilerServices;

namespace Timeline.Tests.EventStoreDbClient;

/// <summary>What an assembly lets others see, a line each: types with base and interfaces, and their members.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    public static IEnumerable<string> Of(Type type) =>
    [
        Head(type),
        .. type.GetInterfaces().Where(i => i.IsVisible).Select(i => $"{type} : {i}"),
        .. type.GetFields(Declared).Where(f => Seen(f.Attributes)).Select(f => $"{type}.{f.Name} {Field(f)}"),
        .. type.GetConstructors(Declared).Where(Seen).Select(c => $"{type}.{c.Name}({Parameters(c)}) {Access(c)}"),
        .. type.GetMethods(Declared).Where(Seen).Select(m => $"{type}.{m.Name}({Parameters(m)}) {Access(m)} {m.ReturnType}"),
    ];

    private static string Head(Type type)
    {
        var kind = type.IsEnum ? "enum"
            : type.IsValueType ? type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly struct" : "struct"
            : type.IsInterface ? "interface"
            : "class";
        var how = type.IsValueType || type.IsInterface ? "" : type.IsAbstract && type.IsSealed ? " static" : type.IsAbstract ? " abstract" : type.IsSealed ? " sealed" : "";
        return $"{type}{how} {kind} of {type.BaseType}";
    }

    private static string Field(FieldInfo field)
    {
        var value = field.IsLiteral ? $" = {Constant(field.GetRawConstantValue())}" : "";
        return $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{(field.IsPublic ? "public" : "protected")} {field.FieldType}{value}";
    }

    private static string Access(MethodBase method)
    {
        var how = method.IsStatic ? "static "
            : method.IsAbstract ? "abstract "
            : method.IsVirtual && !method.IsFinal ? (method.Attributes & MethodAttributes.NewSlot) == 0 ? "override " : "virtual "
            : "";
        return how + (method.IsPublic ? "public" : "protected");
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        (p.IsOut ? "out " : p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
        + $"{p.ParameterType} {p.Name}"
        + (p.HasDefaultValue ? $" = {Constant(p.RawDefaultValue)}" : "")));

    private static string Constant(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    private static bool Seen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool Seen(FieldAttributes field) =>
        (field & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem
        && (field & FieldAttributes.SpecialName) == 0;
}
