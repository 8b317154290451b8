package dev.sluice.cli;

import dev.sluice.config.LoadedConfig;
import dev.sluice.doctor.Check;
import dev.sluice.doctor.Check.Verdict;
import dev.sluice.doctor.Findings;
import dev.sluice.log.LogSetup;
import dev.sluice.node.Doctor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice doctor}: would a node start, keep its promise and be fast? */
@Command(
        name = "doctor",
        description = "Check stores, rights, ports and the conditions that decide speed; writes no order.",
        footer = {"", "Exit codes: 0 nothing fails (warnings may be there), 1 a check fails."})
final class DoctorVerb extends Verb implements Callable<Integer> {

    @Mixin
    NodeOptions options = new NodeOptions();

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() throws Exception {
        LoadedConfig loaded = options.loadForStart(List.of());
        LogSetup.apply(loaded.config().log());
        Findings findings = NodeRun.result(Doctor.examine(loaded.config(), DevVerb.dataDirectory(loaded)));
        if (output.json) {
            JsonOption.print(out(), json(findings));
        } else {
            print(out(), "Will it start and keep its promise?", findings.start());
            print(out(), "Will it be fast?", findings.speed());
        }
        return findings.worst() == Verdict.FAIL ? ExitCodes.FAILED : ExitCodes.OK;
    }

    private static void print(PrintWriter out, String title, List<Check> checks) {
        out.println(title);
        for (Check check : checks) {
            out.printf(
                    "  %-4s  %s: %s%n", check.verdict().text(), check.name(), DeadListVerb.printable(check.current()));
            out.printf("        required: %s%n", check.required());
            if (!check.mend().isEmpty()) {
                out.printf("        mend: %s%n", check.mend());
            }
        }
        out.flush();
    }

    private static JsonObject json(Findings findings) {
        return new JsonObject()
                .put("verdict", findings.worst().text())
                .put("start", array(findings.start()))
                .put("speed", array(findings.speed()));
    }

    private static JsonArray array(List<Check> checks) {
        JsonArray array = new JsonArray();
        checks.forEach(check -> array.add(new JsonObject()
                .put("name", check.name())
                .put("required", check.required())
                .put("current", check.current())
                .put("verdict", check.verdict().text())
                .put("mend", check.mend())));
        return array;
    }
}
