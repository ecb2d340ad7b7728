# Completion of notiform for bash, 3.2 or later: source <(notiform completion bash)

_notiform() {
    # Bash parts words at "=" and ":", too; notiform is told them as they were typed.
    local rest=${COMP_LINE:0:COMP_POINT} i n=0 word
    local -a words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((n > 0)) && [[ -n $rest && $rest != [[:space:]]* ]]; then
            ((i < COMP_CWORD)) || word=$rest
            words[n - 1]+=$word
        else
            rest=${rest#"${rest%%[![:space:]]*}"}
            ((i < COMP_CWORD)) || word=$rest
            words[n++]=$word
        fi
        rest=${rest#*"$word"}
    done

    # What stands before the last "=" is not replaced where that parts words.
    local cur=${words[n - 1]} kept=
    [[ $COMP_WORDBREAKS != *=* || $cur != *=* ]] || kept=${cur%"${cur##*=}"}

    COMPREPLY=()
    while IFS=$'\t' read -r word _; do
        case $word in
        :files)
            compopt -o default 2>/dev/null ||
                while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "${cur##*=}")
            ;;
        *=)
            COMPREPLY+=("${word#"$kept"}")
            compopt -o nospace 2>/dev/null
            ;;
        *) COMPREPLY+=("${word#"$kept"}") ;;
        esac
    done < <("${1/#\~/$HOME}" __complete "${words[@]:1}" 2>/dev/null </dev/null)
}
complete -F _notiform notiform
