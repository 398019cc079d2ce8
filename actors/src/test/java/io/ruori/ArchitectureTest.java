package io.ruori;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.URLDecoder;
import java.time.Clock;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Proves that the middle stays pure: what decides neither waits, nor looks at a clock, nor rolls dice. */
class ArchitectureTest {
    private static JavaClasses actors;

    @BeforeAll
    static void read() {
        actors = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.ruori");
    }

    @Test
    void coreKnowsNoActorsAndNoMachine() {
        noClasses()
                .that()
                .resideInAPackage("..core..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "org.apache.pekko..", "java.io..", "java.nio.file..", "java.net..", "org.slf4j..")
                        .and(not(belongToAnyOf(URLDecoder.class))))
                .because("a decision that does I/O cannot be replayed, nor tested on virtual time")
                .check(actors);
    }

    @Test
    void coreIsGivenTimeAndChance() {
        noClasses()
                .that()
                .resideInAPackage("..core..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, Random.class, Thread.class)
                .because("time and new ids come in as arguments")
                .check(actors);
        noClasses()
                .that()
                .resideInAPackage("..core..")
                .should()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .because("time and new ids come in as arguments")
                .check(actors);
    }

    @Test
    void kindsAndTheApiModelKnowNoActors() {
        noClasses()
                .that()
                .resideInAnyPackage("..ruori.kind..", "..ruori.api..", "..ruori.view..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.pekko..")
                .because("a kind is a value and a view is read from any thread")
                .check(actors);
    }

    @Test
    void entitiesAreReachedThroughTheDoor() {
        noClasses()
                .that()
                .resideInAnyPackage("..scheduler..", "..nodes..", "..kind..", "..core..")
                .should()
                .dependOnClassesThat()
                .haveSimpleName("ResourceEntity")
                .because("there is one way to change an object, and everybody takes it")
                .check(actors);
    }

    @Test
    void namesSayWhatThingsAre() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .because("such names hide what a class is")
                .allowEmptyShould(true)
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .withImportOption(location -> !location.contains("/core/patch/Manager"))
                        .importPackages("io.ruori"));
    }
}
