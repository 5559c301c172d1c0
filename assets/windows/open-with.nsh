; Offers the lab under "Open with" for .safetensors and leaves the program that opens them as it is. Windows looks at
; the last part of a name only, so .dalab.safetensors cannot have a program of its own.
!define PROG_ID "DomainAdaptationLab.Checkpoint"

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\${PROG_ID}" "" "Domain adaptation checkpoint"
  WriteRegStr SHELL_CONTEXT "Software\Classes\${PROG_ID}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  WriteRegStr SHELL_CONTEXT "Software\Classes\.safetensors\OpenWithProgids" "${PROG_ID}" ""
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\${PROG_ID}"
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.safetensors\OpenWithProgids" "${PROG_ID}"
!macroend
