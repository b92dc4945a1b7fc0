package dev.ringlet.examples.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class HelloCommandTest {
  @ParameterizedTest
  @CsvSource({"'', The total is 6.", "4 5, The total is 9.", "--driver nio 7, The total is 7."})
  void addsNumbers(String arguments, String expected) {
    StringWriter output = new StringWriter();
    CommandLine command = new CommandLine(new HelloCommand()).setOut(new PrintWriter(output));
    String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ", -1);
    assertEquals(0, command.execute(words));
    assertEquals(expected, output.toString().strip());
  }
}
