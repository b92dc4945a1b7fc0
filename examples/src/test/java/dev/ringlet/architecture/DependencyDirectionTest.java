package dev.ringlet.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Dependencies go one way: everything knows the API, the implementations do not know each other.
 */
final class DependencyDirectionTest {
  static final List<RingletModule> WITH_CLASSES =
      List.of(
          RingletModule.API,
          RingletModule.METRICS,
          RingletModule.SCHEDULER,
          RingletModule.URING,
          RingletModule.REACTIVE_ADAPTER,
          RingletModule.TESTKIT);

  private static JavaClasses ringlet;

  @BeforeAll
  static void readClasses() {
    ringlet =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.ringlet");
  }

  /** Without this a renamed package would pass every rule below by being empty. */
  @ParameterizedTest
  @FieldSource("WITH_CLASSES")
  void moduleIsSeen(RingletModule module) {
    assertTrue(
        ringlet.stream().map(RingletModule::of).anyMatch(Optional.of(module)::equals),
        "no classes in " + module.packages());
  }

  @ParameterizedTest
  @FieldSource("dev.ringlet.architecture.RingletModule#ALL")
  void usesOnlyWhatItMay(RingletModule module) {
    classes()
        .that()
        .resideInAnyPackage(module.ownPackages())
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(module.allowedPackages())
        .allowEmptyShould(true)
        .check(ringlet);
  }

  @ParameterizedTest
  @FieldSource("dev.ringlet.architecture.RingletModule#ALL")
  void logsInsteadOfPrinting(RingletModule module) {
    noClasses()
        .that()
        .resideInAnyPackage(module.ownPackages())
        .should(ACCESS_STANDARD_STREAMS)
        .orShould(USE_JAVA_UTIL_LOGGING)
        .because("libraries log by System.Logger and leave the streams to the program")
        .allowEmptyShould(true)
        .check(ringlet);
  }

  @Test
  void onlyTheRulesForBlockHoundKnowIt() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.ringlet.scheduler.BlockHoundRules")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(RingletModule.BLOCK_HOUND + "..")
        .because("programs do without it")
        .check(ringlet);
  }

  @Test
  void nobodyDependsOnTheExamples() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.ringlet.examples..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.ringlet.examples..")
        .check(ringlet);
  }

  @Test
  void modulesFormNoCycle() {
    slices().assignedFrom(new ByModule()).should().beFreeOfCycles().check(ringlet);
  }

  @Test
  void everyPublishedClassBelongsToAModule() {
    classes()
        .that()
        .resideOutsideOfPackage("dev.ringlet.examples..")
        .should()
        .resideInAnyPackage(allOwnPackages())
        .because("a package that no module lists would escape the other rules")
        .check(ringlet);
  }

  private static String[] allOwnPackages() {
    return RingletModule.ALL.stream()
        .flatMap(module -> Stream.of(module.ownPackages()))
        .toArray(String[]::new);
  }

  /** One slice per module, and one for the examples. */
  private static final class ByModule implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(RingletModule.of(type).map(RingletModule::name).orElse("examples"));
    }

    @Override
    public String getDescription() {
      return "modules";
    }
  }
}
