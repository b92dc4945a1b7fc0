package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.spi.DriverFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KernelFeatureTest {
  @Test
  void theDocumentationHasTheSameTable() throws IOException {
    String rows =
        KernelFeature.all(null).stream()
            .map(KernelFeatureTest::row)
            .collect(Collectors.joining("\n"));
    String text = Files.readString(Path.of("..", "docs", "KERNEL.md"));
    assertTrue(text.contains("|---|---|---|\n" + rows + "\n"), rows);
  }

  private static String row(DriverFeature feature) {
    String version = feature.since().substring("Linux ".length());
    return "| " + feature.name() + " | " + version + " | " + feature.otherwise() + " |";
  }

  @Test
  void nothingIsThereWithoutTheRing() {
    List<DriverFeature> features = KernelFeature.all(null);
    assertFalse(features.isEmpty());
    assertTrue(features.stream().noneMatch(DriverFeature::present));
  }

  @Test
  void theDriverOfThisMachineTells() {
    List<DriverFeature> features = new UringDriverProvider().features();
    assertEquals(UringProbe.result().unavailabilityCause() == null, features.get(0).present());
  }

  @ParameterizedTest
  @CsvSource({
    "6.1.0-13-amd64,true",
    "6.18,true",
    "7.0.1,true",
    "6.0.9,false",
    "5.19.0,false",
    "unknown,false",
    "'',false"
  })
  void versionsAreComparedByNumber(String version, boolean expected) {
    assertEquals(expected, KernelFeature.isAtLeast(version, 6, 1));
    assertFalse(KernelFeature.isAtLeast(version, 8, 0));
  }
}
